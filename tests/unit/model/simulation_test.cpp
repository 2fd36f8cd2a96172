#include <cmath>
#include <set>

#include <catch2/catch.hpp>

#include "blindbook/model/false_positives.h"

#include "tests/support/directory_rows.h"
#include "tests/support/short_tags.h"

using namespace blindbook;
using namespace blindbook::model;
using namespace blindbook::test_support;

namespace {

constexpr double kNormalQuantile = 2.5758;  // two-sided, 99 %

/// Whether `hits` of `trials` is within the 99 % interval around the exact probability.
bool agrees(std::uint64_t hits, std::uint64_t trials, double p) {
  const double n = static_cast<double>(trials);
  return std::abs(static_cast<double>(hits) - n * p) <= kNormalQuantile * std::sqrt(n * p * (1 - p));
}

/// A directory of `entries` random tags cut to `bits` bits.
struct ShortDirectory {
  ShortDirectory(RandomSource& random, std::size_t entries, unsigned bits) {
    std::vector<DirectoryRow> rows = random_rows(random, entries, 0);
    std::set<std::uint64_t> distinct;
    for (DirectoryRow& row : rows) {
      row.tag = short_tag(Tag(row.tag), bits).value();
      distinct.insert(row.tag);
    }
    file = build_directory(rows, 0);
    space = {.distinct_tags = distinct.size(), .tag_bits = bits};
  }

  Bytes file;
  TagSpace space;
};

}  // namespace

TEST_CASE("strangers meet tags as often as the model says") {
  // Everything through the product's builder and reader; only the tags are short.
  constexpr unsigned kBits = 14;
  constexpr std::uint32_t kLookups = 64;
  constexpr std::uint64_t kRuns = 20'000;
  DeterministicRandom random(20'26);
  const ShortDirectory directory(random, 100, kBits);
  const auto expected = announced(directory.file);
  std::uint64_t hits = 0;
  std::uint64_t runs_with_a_hit = 0;
  for (std::uint64_t run = 0; run < kRuns; ++run) {
    std::vector<Tag> strangers;
    for (std::size_t i = 0; i < kLookups; ++i) {
      strangers.push_back(short_tag(Tag(random.below(std::uint64_t{1} << 56)), kBits));
    }
    const auto matches = read_directory(directory.file, expected, strangers)
                             .value()
                             .verify(directory::root_of(directory.file))
                             .value();
    std::set<std::size_t> met;  // a tag that two rows have is one false positive
    for (const directory::Match& match : matches.matches) {
      met.insert(match.own_index);
    }
    hits += met.size();
    runs_with_a_hit += met.empty() ? 0U : 1U;
  }
  CHECK(agrees(hits, kRuns * kLookups, to_double(false_positive_per_lookup(directory.space))));
  CHECK(agrees(runs_with_a_hit, kRuns, to_double(false_positive_per_run(directory.space, kLookups))));
}

TEST_CASE("the interval would notice a model that is a tenth off") {
  constexpr double kExact = 1.0 / 20;
  CHECK(agrees(50'000, 1'000'000, kExact));
  CHECK_FALSE(agrees(55'000, 1'000'000, kExact));
  CHECK_FALSE(agrees(45'000, 1'000'000, kExact));
}
