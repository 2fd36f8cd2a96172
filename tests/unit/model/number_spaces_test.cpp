#include <set>
#include <string>

#include <catch2/catch.hpp>

#include "blindbook/model/sweep.h"

using namespace blindbook::model;

TEST_CASE("every number space has a country, a basis and a source") {
  REQUIRE(!number_spaces().empty());
  std::set<std::string> seen;
  std::string previous;
  for (const NumberSpace& space : number_spaces()) {
    const std::string key = std::string(space.country) + " " + std::string(space.basis);
    CAPTURE(key);
    CHECK(space.country.size() == 2);
    CHECK(space.country.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string_view::npos);
    CHECK(space.numbers >= 1'000);
    CHECK((space.basis == "assigned" || space.basis == "mobile"));
    CHECK(space.source.size() > 10);
    CHECK(space.source.find('"') == std::string_view::npos);
    CHECK(seen.insert(key).second);
    CHECK(previous < key);
    previous = key;
  }
}
