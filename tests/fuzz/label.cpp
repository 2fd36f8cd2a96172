// Labels. Input: a template, a line end, a label, a line end, bytes that shall be a sealed one.
#include "blindbook/directory/label.h"

#include <algorithm>
#include <array>

#include "blindbook/directory/label_seal.h"

#include "tests/fuzz/fuzz.h"
#include "tests/support/deterministic_random.h"

namespace blindbook::fuzz {
namespace {

using namespace directory;

void check_template(std::string_view text, std::string_view label) {
  const auto pattern = LabelTemplate::parse(text);
  if (!pattern) {
    require_refusal(pattern.error(), Fault::kBadInput, {"label.template"});
    return;
  }
  require(pattern->text() == text, "a template keeps its text");
  require(pattern->strip(pattern->fill(label)) == label, "what is filled in is stripped again");
  if (const auto stripped = pattern->strip(label)) {
    require(pattern->fill(*stripped) == label, "what is stripped is filled in again");
  }
}

void check_seal(std::string_view label, ByteView sealed_bytes_of_another) {
  constexpr std::uint16_t kLabelBytes = 24;
  static const LabelSealer sealer(SuiteId::kRistretto255Sha512, EpochId(), kLabelBytes);
  static const Bytes output(64, 0x42);
  if (const auto opened = sealer.open(output, sealed_bytes_of_another)) {
    std::array<std::uint8_t, sealed_bytes(kLabelBytes)> again{};
    require(
        sealer.seal(output, *opened, again).has_value() && std::ranges::equal(again, sealed_bytes_of_another),
        "what opens is what sealing gives");
  }
  std::array<std::uint8_t, sealed_bytes(kLabelBytes)> sealed{};
  const auto done = sealer.seal(output, label, sealed);
  require(done || !is_valid_label(label) || label.size() > kLabelBytes - 2, "a label that fits is sealed");
  if (!done) {
    require_refusal(done.error(), Fault::kBadInput, {"label.syntax", "label.length"});
    return;
  }
  require(sealer.open(output, sealed) == label, "a label opens to itself");
  test_support::DeterministicRandom random(seed_of(bytes_of(label)));
  sealed[random.below(sealed.size())] ^= 1;
  require(!sealer.open(output, sealed), "an altered label is no match");
}

}  // namespace

void run(ByteView input) {
  std::string_view rest = text_of(input);
  const std::string_view pattern = take_until(rest, '\n');
  const std::string_view label = take_until(rest, '\n');
  check_template(pattern, label);
  check_seal(label, bytes_of(rest));
}

}  // namespace blindbook::fuzz
