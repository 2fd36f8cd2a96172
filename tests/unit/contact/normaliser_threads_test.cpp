#include <array>
#include <future>
#include <map>
#include <vector>

#include <catch2/catch.hpp>

#include "blindbook/contact/normaliser.h"

#include "tests/unit/contact/fixture.h"

namespace blindbook::contact {
namespace {

using test_support::NormaliseRow;

/// How many rows `normaliser` answers as expected; the rows are of one region.
std::size_t right_answers(const Normaliser& normaliser, const std::vector<NormaliseRow>& rows) {
  std::size_t right = 0;
  for (const NormaliseRow& row : rows) {
    std::vector<std::string> identifiers;
    for (const Identifier& one : normaliser.normalise(row.raw).identifiers) {
      identifiers.push_back(one.text());
    }
    right += identifiers == row.identifiers ? 1U : 0U;
  }
  return right;
}

TEST_CASE("one normaliser serves several threads") {
  std::map<std::string, std::vector<NormaliseRow>> by_region;
  for (const NormaliseRow& row : test_support::normalise_rows()) {
    by_region[row.region.value_or("")].push_back(row);
  }
  const auto& german = by_region.at("DE");
  const Result<Normaliser> normaliser = Normaliser::create("DE");
  REQUIRE(normaliser.has_value());
  std::array<std::future<std::size_t>, 4> threads;
  for (auto& thread : threads) {
    thread = std::async(std::launch::async, [&] { return right_answers(*normaliser, german); });
  }
  for (auto& thread : threads) {
    CHECK(thread.get() == german.size());
  }
}

}  // namespace
}  // namespace blindbook::contact
