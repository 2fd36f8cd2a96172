// What a client keeps. Input: the content behind the seal; the target seals it, so that what stands behind is
// reached.
#include "blindbook/protocol/state.h"

#include <algorithm>

#include "blindbook/base/domains.h"
#include "blindbook/directory/tag.h"
#include "blindbook/protocol/aead.h"

#include "tests/fuzz/fuzz.h"
#include "tests/support/deterministic_random.h"

namespace blindbook::fuzz {
namespace {

using namespace protocol;
using test_support::DeterministicRandom;

constexpr std::uint8_t kVersion = 1;

Bytes header() {
  ByteWriter out;
  out.raw(magic::kState).u8(kVersion);
  return std::move(out).take();
}

Bytes context() {
  ByteWriter out;
  out.raw(domain::kState).raw(header());
  return std::move(out).take();
}

Bytes sealed(ByteView content, const Secret<32>& key, RandomSource& random) {
  ByteWriter file;
  file.raw(header()).raw(aead_seal(key, context(), content, random));
  return std::move(file).take();
}

Bytes content_of(ByteView file, const Secret<32>& key) {
  const SecretBytes content = aead_open(key, context(), file.subspan(header().size())).value();
  return {content.expose().begin(), content.expose().end()};
}

}  // namespace

void run(ByteView input) {
  static const Secret<32> key;
  DeterministicRandom random(seed_of(input));
  const auto forged = open_state(input, key);
  require(!forged, "nothing opens that was not sealed with the key");
  require_refusal(forged.error(), Fault::kBadInput, {"state.format", "state.key"});

  auto state = open_state(sealed(input, key, random), key);
  if (!state) {
    require_refusal(state.error(), Fault::kBadInput, {"state.content"});
    return;
  }
  for (const EpochMemory& epoch : state->epochs) {
    for (const auto& [identifier, output] : epoch.outputs) {
      static_cast<void>(directory::tag_of(output.expose()));  // as a run does with every output it holds
      require(Identifier::parse(identifier.text()).has_value(), "an output belongs to an identifier");
    }
  }
  const Bytes file = seal_state(*state, key, random);
  const auto again = open_state(file, key);
  require(again.has_value(), "a state that opens can be kept again");
  require(content_of(seal_state(*again, key, random), key) == content_of(file, key),
          "a state survives being kept");
  require(again->root == state->root && again->history == state->history &&
              again->epochs.size() == state->epochs.size(),
          "a state is kept as it was");

  constexpr UnixTime kNow(1'800'000'000);
  const std::size_t before = state->epochs.size();
  require(state->forget_ended(kNow).size() + state->epochs.size() == before, "an epoch is kept or forgotten");
  require(
      std::ranges::all_of(state->epochs, [&](const EpochMemory& epoch) { return kNow <= epoch.not_after; }),
      "no epoch outlives its end");
}

}  // namespace blindbook::fuzz
