#include "blindbook/directory/census.h"

#include <catch2/catch.hpp>

#include "blindbook/directory/golomb_rice.h"

#include "tests/support/directory_rows.h"

using namespace blindbook;
using namespace blindbook::directory;
using namespace blindbook::test_support;

namespace {

Bytes directory_of(const std::vector<std::uint64_t>& tags) {
  std::vector<DirectoryRow> rows;
  for (const std::uint64_t tag : tags) {
    rows.push_back({tag, {}});
  }
  return build_directory(rows, 0);
}

std::string refused(const Bytes& file) {
  const auto census = census_of(file);
  return census ? "counted" : std::string(census.error().rule);
}

}  // namespace

TEST_CASE("equal tags count once") {
  const auto census = census_of(directory_of({0, 0, 7, 9, 9, 9, kMaxTag})).value();
  CHECK(census.entries == 7);
  CHECK(census.distinct_tags == 4);
}

TEST_CASE("an empty directory has nothing to count") {
  const auto census = census_of(directory_of({})).value();
  CHECK(census.entries == 0);
  CHECK(census.distinct_tags == 0);
  CHECK(census.body_bits == 0);
}

TEST_CASE("the bits counted are those the body was made of") {
  DeterministicRandom random(1);
  for (const std::size_t entries : {1U, 2U, 63U, 1000U}) {
    for (const std::uint16_t label_bytes : {std::uint16_t{0}, std::uint16_t{24}}) {
      std::vector<DirectoryRow> rows = random_rows(random, entries, label_bytes);
      const Bytes file = build_directory(rows, label_bytes);
      std::sort(rows.begin(), rows.end());
      const RiceChoice choice = choose_rice(rows.size(), [&](std::size_t i) { return rows[i].tag; });
      CHECK(census_of(file).value().body_bits == choice.bits);
    }
  }
}

TEST_CASE("a directory that is damaged is not counted") {
  DeterministicRandom random(2);
  const Bytes file = build_directory(random_rows(random, 40, 0), 0);
  CHECK(refused(Bytes(file.begin(), file.begin() + 20)) == "directory.header");
  Bytes cut = file;
  cut.pop_back();
  CHECK(refused(cut) == "directory.body");
  Bytes longer = file;
  longer.push_back(0);
  CHECK(refused(longer) == "directory.body");
  Bytes zeros = file;
  std::fill(zeros.end() - 100, zeros.end(), std::uint8_t{0});
  CHECK(refused(zeros) == "directory.body");
}
