// Key files. Input: the file; where it is a sealed one, the target seals what stands in place of the secret
// once more under its header, so that what stands behind the seal is reached.
#include <algorithm>

#include "blindbook/service/sealed_file.h"

#include "tests/fuzz/fuzz.h"
#include "tests/support/deterministic_random.h"

namespace blindbook::fuzz {

void run(ByteView input) {
  using namespace service;
  constexpr std::string_view kName = "announcement";
  static const StretchedPassphrase passphrase;
  static const Slot slot;
  test_support::DeterministicRandom random(seed_of(input));
  const auto header = parse_key_file_header(input);
  const auto forged = open_key_file(input, kName, passphrase, slot);
  if (!header) {
    require_refusal(header.error(), Fault::kBadInput, {"key.format"});
    require(!forged && forged.error().rule == "key.format", "no key opens whose header is not one");
    return;
  }
  require(!forged, "nothing opens that was not sealed");
  require_refusal(forged.error(), Fault::kBadInput, {"key.passphrase"});

  const ByteView body = input.subspan(kKeyFileHeaderBytes);
  if (header->protection == KeyProtection::kNone) {
    const SecretBytes again = unsealed_key_file(header->kind, body);
    require(std::ranges::equal(again.expose(), input), "an unsealed key file is the one its secret makes");
    return;
  }
  require(header->cost.log2_n <= kScryptCeiling.log2_n && header->cost.r <= kScryptCeiling.r &&
              header->cost.p <= kScryptCeiling.p,
          "no file asks for more than the ceiling");
  const ByteView secret = body.first(std::min(body.size(), kMaxKeyBytes));
  Bytes file =
      seal_key_file(header->kind, kName, secret, header->cost, header->salt, passphrase, slot, random);
  require(std::ranges::equal(ByteView(file).first(kKeyFileHeaderBytes), input.first(kKeyFileHeaderBytes)),
          "a header is the one its fields make");
  const auto opened = open_key_file(file, kName, passphrase, slot);
  require(opened && std::ranges::equal(opened->expose(), secret), "a sealed key opens to itself");
  require(!open_key_file(file, "root", passphrase, slot), "no key stands in for another");
  file[random.below(file.size())] ^= 1;
  require(!open_key_file(file, kName, passphrase, slot), "an altered key file does not open");
}

}  // namespace blindbook::fuzz
