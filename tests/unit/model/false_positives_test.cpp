#include "blindbook/model/false_positives.h"

#include <catch2/catch.hpp>

#include "blindbook/directory/tag.h"

using namespace blindbook;
using namespace blindbook::model;

namespace {

Rational per_run(const TagSpace& space, std::uint32_t lookups) {
  const Fraction out = false_positive_per_run(space, lookups);
  return {out.above, out.below};
}

}  // namespace

TEST_CASE("the model has the tags of the protocol") {
  CHECK(model::kTagBits == directory::kTagBits);
}

TEST_CASE("a look-up hits one of the distinct tags") {
  CHECK(false_positive_per_lookup({.distinct_tags = 1}) == Rational(1, power_of_two(56)));
  CHECK(false_positive_per_lookup({.distinct_tags = 3, .tag_bits = 2}) == Rational(3, 4));
  CHECK(false_positive_per_lookup({.distinct_tags = 0}) == 0);
  // The figures of docs/spec/directory.md.
  CHECK(log2_of(false_positive_per_lookup({.distinct_tags = 100'000})) == Approx(-39.39).margin(0.005));
  CHECK(log2_of(false_positive_per_lookup({.distinct_tags = 1'000'000})) == Approx(-36.07).margin(0.005));
  CHECK(log2_of(false_positive_per_lookup({.distinct_tags = 10'000'000})) == Approx(-32.75).margin(0.005));
}

TEST_CASE("a label that must open makes a false positive 2 to the 64 times rarer") {
  const TagSpace plain{.distinct_tags = 1'000'000};
  const TagSpace labelled{.distinct_tags = 1'000'000, .labels = true};
  CHECK(false_positive_per_lookup(labelled) * power_of_two(64) == false_positive_per_lookup(plain));
  CHECK(log2_of(false_positive_per_lookup(labelled)) < -100);
}

TEST_CASE("a run counts whether any look-up hits, by counting every outcome") {
  // 3 look-ups in 4 values of which 1 is taken: 64 outcomes, 27 of them without a hit.
  CHECK(per_run({.distinct_tags = 1, .tag_bits = 2}, 3) == Rational(64 - 27, 64));
  CHECK(per_run({.distinct_tags = 4, .tag_bits = 2}, 1) == 1);
  CHECK(per_run({.distinct_tags = 4, .tag_bits = 2}, 0) == 0);
}

TEST_CASE("a run of the largest size lies just below the sum of its look-ups") {
  const TagSpace space{.distinct_tags = 1'000'000};
  const Rational run = per_run(space, 8'192);
  const Rational sum = false_positive_per_lookup(space) * 8'192;
  CHECK(run < sum);
  CHECK(run > sum - sum * sum / 2);  // Bonferroni
}

TEST_CASE("a year has 365 days of epochs of 90") {
  const TagSpace space{.distinct_tags = 10, .tag_bits = 10};
  const Rational year = false_positives_per_city_year(
      space, {.clients = 6, .contacts = 1'024, .epochs_a_year = Rational(73, 18)});
  CHECK(year == Rational(6 * 10 * 73, 18));
  CHECK(false_positives_per_city_year(space, {.clients = 6}) == year);
}
