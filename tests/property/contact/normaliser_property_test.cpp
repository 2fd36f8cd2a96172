#include <catch2/catch.hpp>

#include "blindbook/contact/normaliser.h"

#include "tests/property/contact/mutation.h"
#include "tests/property/contact/numbering_plans.h"
#include "tests/unit/contact/fixture.h"

namespace blindbook::contact {
namespace {

using test_support::DeterministicRandom;
using test_support::mutated;
using test_support::NormaliseRow;

Normaliser make(std::optional<std::string> region) {
  Result<Normaliser> made = Normaliser::create(std::move(region));
  REQUIRE(made.has_value());
  return *std::move(made);
}

/// Digits as someone might dial them in a country: with a plus, a trunk prefix, an international prefix or
/// nothing in front.
std::string random_number(DeterministicRandom& random, const std::string& country_code) {
  const std::string starts[] = {
      "+", "0", "00", "", "1", "8", "+" + country_code, "+" + country_code + "0", country_code, "011", "+49"};
  std::string out = starts[random.below(std::size(starts))];
  for (std::uint64_t size = 2 + random.below(14); size > 0; --size) {
    // Many zeros: they are what prefixes are made of.
    out.push_back(static_cast<char>('0' + (random.below(4) == 0 ? 0 : random.below(10))));
  }
  return out;
}

/// Checks the promises of normalise(); returns whether `raw` is a number.
bool check_promises(const Normaliser& normaliser, const Normaliser& elsewhere, const std::string& raw) {
  const Normalised result = normaliser.normalise(raw);
  CHECK(result.reason.has_value() == result.identifiers.empty());
  CHECK((!result.reason || !is_warning(*result.reason)));
  CHECK((!result.warning || is_warning(*result.warning)));
  for (const Identifier& identifier : result.identifiers) {
    for (const Normaliser* again : {&normaliser, &elsewhere}) {
      for (const std::string_view text : {std::string_view(identifier.text()), identifier.e164()}) {
        const Normalised second = again->normalise(text);
        CHECK(second.identifiers == std::vector<Identifier>{identifier});
        CHECK_FALSE(second.warning.has_value());
      }
    }
  }
  return !result.identifiers.empty();
}

TEST_CASE("normalising an identifier gives that identifier in any region") {
  DeterministicRandom random(31);
  const Normaliser nowhere = make(std::nullopt);
  for (const std::string& region : test_support::all_regions()) {
    CAPTURE(region);
    const Normaliser normaliser = make(region);
    const std::string country_code = test_support::country_code_of(region);
    int numbers = 0;
    for (int round = 0; round < 200; ++round) {
      const std::string raw = random_number(random, country_code);
      CAPTURE(raw);
      numbers += check_promises(normaliser, nowhere, raw) ? 1 : 0;
    }
    CHECK(numbers > 5);
  }
}

TEST_CASE("normalising an identifier gives that identifier without a region") {
  DeterministicRandom random(35);
  const Normaliser nowhere = make(std::nullopt);
  const Normaliser somewhere = make("DE");
  int numbers = 0;
  for (int round = 0; round < 2000; ++round) {
    const std::string raw = random_number(random, "39");
    CAPTURE(raw);
    numbers += check_promises(nowhere, somewhere, raw) ? 1 : 0;
  }
  CHECK(numbers > 100);
}

TEST_CASE("changed rows of the table keep the promises of the normaliser") {
  DeterministicRandom random(32);
  const Normaliser nowhere = make(std::nullopt);
  for (const NormaliseRow& row : test_support::normalise_rows()) {
    const Normaliser normaliser = make(row.region);
    for (int round = 0; round < 30; ++round) {
      const std::string raw = mutated(row.raw, random);
      CAPTURE(row.raw, raw);
      check_promises(normaliser, nowhere, raw);
    }
  }
}

}  // namespace
}  // namespace blindbook::contact
