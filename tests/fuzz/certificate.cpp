// The certificate of an announcement key. Input: all of it but the signature, which the target adds, so that
// what stands behind the check of the signature is reached.
#include "blindbook/protocol/certificate.h"

#include "blindbook/base/domains.h"

#include "tests/fuzz/fuzz.h"
#include "tests/support/deterministic_random.h"

namespace blindbook::fuzz {

void run(ByteView input) {
  using namespace protocol;
  static const Ed25519SecretKey root = [] {
    test_support::DeterministicRandom random(1);
    return Ed25519SecretKey::generate(random);
  }();
  static const Ed25519PublicKey root_key = root.public_key();

  const Result<Certificate> forged = open_certificate(input, root_key);
  require(!forged, "nothing opens that the root has not signed");
  require_refusal(forged.error(), Fault::kPeerMisbehaved, {"certificate.format", "certificate.signature"});

  ByteWriter signed_bytes;
  signed_bytes.raw(input).raw(root.sign({bytes_of(domain::kCertificate), input}).view());
  const Result<Certificate> opened = open_certificate(signed_bytes.view(), root_key);
  if (!opened) {
    require_refusal(opened.error(), Fault::kPeerMisbehaved, {"certificate.format", "certificate.life"});
    return;
  }
  require(issue_certificate(*opened, root).value() ==
              Bytes(signed_bytes.view().begin(), signed_bytes.view().end()),
          "a certificate that opens is the one its content makes");
}

}  // namespace blindbook::fuzz
