// Key files. Input: the file; where it is a sealed one, the target seals what stands in place of the secret
// once more under its header, so that what stands behind the seal is reached.
#include <algorithm>

#include "blindbook/protocol/sealed_file.h"

#include "tests/fuzz/fuzz.h"
#include "tests/support/deterministic_random.h"

namespace blindbook::fuzz {

void run(ByteView input) {
  using namespace protocol;
  constexpr std::string_view kName = "announcement";
  static const protocol::StretchedPassphrase passphrase;
  static const protocol::Slot slot;
  test_support::DeterministicRandom random(seed_of(input));
  const auto header = protocol::parse_key_file_header(input);
  const auto forged = protocol::open_key_file(input, kName, passphrase, slot);
  if (!header) {
    require_refusal(header.error(), Fault::kBadInput, {"key.format"});
    require(!forged && forged.error().rule == "key.format", "no key opens whose header is not one");
    return;
  }
  require(!forged, "nothing opens that was not sealed");
  require_refusal(forged.error(), Fault::kBadInput, {"key.passphrase"});

  const ByteView body = input.subspan(protocol::kKeyFileHeaderBytes);
  if (header->protection == protocol::KeyProtection::kNone) {
    const SecretBytes again = protocol::unsealed_key_file(header->kind, body);
    require(std::ranges::equal(again.expose(), input), "an unsealed key file is the one its secret makes");
    return;
  }
  require(header->cost.log2_n <= protocol::kScryptCeiling.log2_n &&
              header->cost.r <= protocol::kScryptCeiling.r && header->cost.p <= protocol::kScryptCeiling.p,
          "no file asks for more than the ceiling");
  const ByteView secret = body.first(std::min(body.size(), protocol::kMaxKeyBytes));
  Bytes file = protocol::seal_key_file(header->kind, kName, secret, header->cost, header->salt, passphrase,
                                       slot, random);
  require(std::ranges::equal(ByteView(file).first(protocol::kKeyFileHeaderBytes),
                             input.first(protocol::kKeyFileHeaderBytes)),
          "a header is the one its fields make");
  const auto opened = protocol::open_key_file(file, kName, passphrase, slot);
  require(opened && std::ranges::equal(opened->expose(), secret), "a sealed key opens to itself");
  require(!protocol::open_key_file(file, "root", passphrase, slot), "no key stands in for another");
  file[random.below(file.size())] ^= 1;
  require(!protocol::open_key_file(file, kName, passphrase, slot), "an altered key file does not open");
}

}  // namespace blindbook::fuzz
