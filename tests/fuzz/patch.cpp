// Patches: any bytes are refused, or are the one file of what they hold, and lead from any directory to another or are
// refused there.
#include <algorithm>

#include "blindbook/directory/patch_algebra.h"

#include "tests/fuzz/fuzz.h"
#include "tests/support/deterministic_random.h"

namespace blindbook::fuzz {
namespace {

using namespace directory;
using test_support::DeterministicRandom;

/// A directory that the patch is for, of small tags, so that some of its rows are equal.
Bytes directory_for(const Patch& patch, DeterministicRandom& random) {
  const std::size_t row_bytes = sealed_bytes(patch.label_bytes);
  std::vector<std::uint64_t> tags(random.below(60));
  for (std::uint64_t& tag : tags) {
    tag = random.below(40);
  }
  std::sort(tags.begin(), tags.end());
  Bytes column(tags.size() * row_bytes, 0);
  return encode_directory({.suite = patch.suite,
                           .epoch = patch.epoch,
                           .edition = patch.from,
                           .rice = 0,
                           .entries = 0,
                           .label_bytes = patch.label_bytes,
                           .label_template = {}},
                          {tags, column, row_bytes});
}

}  // namespace

void run(ByteView input) {
  const Result<Patch> patch = parse_patch(input);
  if (!patch) {
    require_refusal(patch.error(), Fault::kPeerMisbehaved, {"patch.header", "patch.body"});
    return;
  }
  require(std::ranges::equal(encode_patch(*patch), input), "a patch has one file");
  DeterministicRandom random(seed_of(input));
  const Bytes from = directory_for(*patch, random);
  const Result<Bytes> to = apply_patch(from, *patch);
  const DecodedDirectory before = decode_directory(from).value();
  const bool in_range = patch->leavers.empty() || patch->leavers.back() < before.tags.size();
  require(to.has_value() == in_range,
          "a patch is refused when it takes away what is not there, and only then");
  if (!to) {
    require_refusal(to.error(), Fault::kPeerMisbehaved, {"patch.rank"});
    return;
  }
  const Result<DecodedDirectory> after = decode_directory(*to);
  require(after.has_value(), "a patch leads to a directory");
  require(after->tags.size() + patch->leavers.size() == before.tags.size() + patch->tags.size(),
          "rows leave and join, and no other changes");
  const Patch shortest = difference(before, *after).value();
  require(shortest.leavers.size() <= patch->leavers.size(), "no patch is shorter than the difference");
  require(apply_patch(from, shortest).value() == *to, "the difference leads there too");
}

}  // namespace blindbook::fuzz
