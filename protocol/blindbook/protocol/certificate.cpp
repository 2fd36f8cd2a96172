#include "blindbook/protocol/certificate.h"

#include "blindbook/base/domains.h"
#include "blindbook/protocol/params.h"

namespace blindbook::protocol {
namespace {

constexpr std::uint8_t kVersion = 1;

bool has_legal_life(const Certificate& certificate) {
  const std::uint64_t from = certificate.not_before.value();
  const std::uint64_t to = certificate.not_after.value();
  return from < to && to - from <= kCertificateMaxLife;
}

}  // namespace

Result<Bytes> issue_certificate(const Certificate& certificate, const Ed25519SecretKey& root) {
  if (!has_legal_life(certificate)) {
    return api_misuse("certificate.life", "a certificate lives more than 0 and at most 400 days");
  }
  ByteWriter out;
  out.raw(magic::kCertificate).u8(kVersion).u64(certificate.serial).raw(certificate.key.view());
  out.u64(certificate.not_before.value()).u64(certificate.not_after.value());
  out.raw(root.sign({bytes_of(domain::kCertificate), out.view()}).view());
  return std::move(out).take();
}

Result<Certificate> open_certificate(ByteView bytes, const Ed25519PublicKey& root) {
  ByteReader in(bytes);
  const bool known = in.accept(magic::kCertificate) && in.u8() == kVersion;
  Certificate certificate;
  certificate.serial = in.u64();
  certificate.key = Ed25519PublicKey(in.array<Ed25519PublicKey::kSize>());
  certificate.not_before = UnixTime(in.u64());
  certificate.not_after = UnixTime(in.u64());
  const ByteView unsigned_part = bytes.first(bytes.size() - in.rest().size());
  const Ed25519Signature signature(in.array<Ed25519Signature::kSize>());
  if (!known || !in.finished()) {
    return peer_misbehaved("certificate.format", "the announcement key's certificate has an unknown form");
  }
  if (!verify(root, {bytes_of(domain::kCertificate), unsigned_part}, signature)) {
    return peer_misbehaved("certificate.signature",
                           "the announcement key's certificate is not signed by this operator");
  }
  if (!has_legal_life(certificate)) {
    return peer_misbehaved("certificate.life", "the announcement key's certificate lives more than 400 days");
  }
  return certificate;
}

}  // namespace blindbook::protocol
