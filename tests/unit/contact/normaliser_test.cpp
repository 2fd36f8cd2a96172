#include "blindbook/contact/normaliser.h"

#include <catch2/catch.hpp>

#include "tests/unit/contact/fixture.h"

namespace blindbook::contact {
namespace {

using test_support::normalise_rows;
using test_support::NormaliseRow;

Normaliser make(std::optional<std::string> region) {
  Result<Normaliser> made = Normaliser::create(std::move(region));
  REQUIRE(made.has_value());
  return *std::move(made);
}

std::string text_or_empty(const std::optional<RejectReason>& reason) {
  return reason ? std::string(name(*reason)) : std::string();
}

TEST_CASE("every row of the normalisation table comes out as written there") {
  for (const NormaliseRow& row : normalise_rows()) {
    CAPTURE(row.rule, row.region, row.raw);
    const Normalised result = make(row.region).normalise(row.raw);
    std::vector<std::string> identifiers;
    for (const Identifier& one : result.identifiers) {
      identifiers.push_back(one.text());
    }
    CHECK(identifiers == row.identifiers);
    CHECK(text_or_empty(result.reason) == row.reason);
    CHECK(text_or_empty(result.warning) == row.warning);
    CHECK(result.reason.has_value() == result.identifiers.empty());
  }
}

TEST_CASE("a region that is not known is bad input") {
  for (const char* region : {"", "XX", "DEU", "ZZ", "001", "49", "D\xC3\x89"}) {
    CAPTURE(region);
    const auto made = Normaliser::create(std::string(region));
    REQUIRE_FALSE(made.has_value());
    CHECK(made.error().fault == Fault::kBadInput);
    CHECK(made.error().rule == "contact.region");
  }
}

TEST_CASE("a number is not refused for being unassigned") {
  // 0171 0000000: no operator holds it, but its length fits.
  CHECK(make("DE").normalise("0171 0000000").identifiers.size() == 1);
}

TEST_CASE("a number that is far too long is refused unread") {
  CHECK(make("DE").normalise(std::string(1 << 20, '0')).reason == RejectReason::kTooLong);
}

TEST_CASE("a copy of a normaliser outlives the first one") {
  std::optional<Normaliser> first = make("DE");
  const Normaliser copy = *first;
  first.reset();
  CHECK(copy.normalise("0171 3920012").identifiers.size() == 1);
}

}  // namespace
}  // namespace blindbook::contact
