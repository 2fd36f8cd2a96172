#include <algorithm>

#include <catch2/catch.hpp>

#include "blindbook/directory/tag.h"

#include "tests/support/directory_rows.h"

using namespace blindbook;
using namespace blindbook::directory;
using namespace blindbook::test_support;

namespace {

Builder empty_builder(std::uint16_t label_bytes, std::string label_template = "") {
  return {SuiteId::kRistretto255Sha512, kDirectoryEpoch, Edition(1), label_bytes, std::move(label_template)};
}

}  // namespace

TEST_CASE("a tag is the first seven bytes of a prf output") {
  const Bytes prf_output{0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF, 0xFF};
  CHECK(tag_of(prf_output) == Tag(0x0123456789ABCD));
}

TEST_CASE("rows in any order give the same bytes") {
  DeterministicRandom random(6);
  auto rows = random_rows(random, 300, 8, 7);  // 7-bit tags: many equal ones
  rows.push_back(rows.front());
  const Bytes file = build_directory(rows, 8);
  for (int round = 0; round < 10; ++round) {
    for (std::size_t i = rows.size() - 1; i > 0; --i) {
      std::swap(rows[i], rows[random.below(i + 1)]);
    }
    REQUIRE(build_directory(rows, 8) == file);
  }
  std::sort(rows.begin(), rows.end());
  CHECK(build_directory(rows, 8) == file);
  std::reverse(rows.begin(), rows.end());
  CHECK(build_directory(rows, 8) == file);
}

TEST_CASE("the label column holds the rows by tag and then by sealed bytes") {
  DeterministicRandom random(7);
  for (const unsigned tag_bits : {2u, 8u, 56u}) {
    auto rows = random_rows(random, 200, 5, tag_bits);
    const Bytes file = build_directory(rows, 5);
    std::sort(rows.begin(), rows.end());
    Bytes column;
    for (const DirectoryRow& row : rows) {
      column.insert(column.end(), row.sealed.begin(), row.sealed.end());
    }
    CHECK(std::equal(column.rbegin(), column.rend(), file.rbegin()));
  }
}

TEST_CASE("reserving room does not change the bytes") {
  DeterministicRandom random(8);
  const auto rows = random_rows(random, 100, 24);
  Builder builder = empty_builder(24, "@{}:city.example");
  builder.reserve(rows.size());
  for (const DirectoryRow& row : rows) {
    builder.add(Tag(row.tag), row.sealed);
  }
  const Bytes file = std::move(builder).finish().value();
  CHECK(file == build_directory(rows, 24));
}

TEST_CASE("room reserved is enough for the file") {
  DeterministicRandom random(9);
  for (const std::size_t count : {0u, 63u, 1000u}) {
    for (const unsigned tag_bits : {0u, 20u, 56u}) {
      const auto rows = random_rows(random, count, 2, tag_bits);
      Builder builder = empty_builder(2);
      builder.reserve(count);
      for (const DirectoryRow& row : rows) {
        builder.add(Tag(row.tag), row.sealed);
      }
      const Bytes file = std::move(builder).finish().value();
      CAPTURE(count, tag_bits);
      // A reallocation would have made the buffer exactly as large as the file.
      CHECK(file.capacity() > file.size());
    }
  }
}

TEST_CASE("rows of the wrong size are api misuse") {
  const auto rule_of = [](Builder builder, Tag tag, const Bytes& sealed) {
    builder.add(tag, sealed);
    const auto file = std::move(builder).finish();
    REQUIRE(!file);
    CHECK(file.error().fault == Fault::kApiMisuse);
    return std::string(file.error().rule);
  };
  CHECK(rule_of(empty_builder(2), Tag(1), Bytes(9)) == "directory.row");
  CHECK(rule_of(empty_builder(2), Tag(1), Bytes(11)) == "directory.row");
  CHECK(rule_of(empty_builder(0), Tag(1), Bytes(8)) == "directory.row");
  CHECK(rule_of(empty_builder(2), Tag(std::uint64_t{1} << 56), Bytes(10)) == "directory.row");
}

TEST_CASE("more rows of one tag than a reader takes are api misuse") {
  for (const std::uint64_t tag : {std::uint64_t{0}, std::uint64_t{5}}) {
    for (const std::size_t count : {kMaxEqualRows, kMaxEqualRows + 1}) {
      Builder builder = empty_builder(0);
      builder.add(Tag(tag + 1), {});
      for (std::size_t i = 0; i < count; ++i) {
        builder.add(Tag(tag), {});
      }
      const auto file = std::move(builder).finish();
      CHECK(file.has_value() == (count == kMaxEqualRows));
      if (!file) {
        CHECK(file.error().fault == Fault::kApiMisuse);
        CHECK(file.error().rule == "directory.row");
      }
    }
  }
}

TEST_CASE("a header that no directory can have is api misuse") {
  CHECK(empty_builder(1).finish().error().rule == "directory.header");
  CHECK(empty_builder(513).finish().error().rule == "directory.header");
  CHECK(empty_builder(24, "no place").finish().error().rule == "directory.header");
  CHECK(Builder(SuiteId{3}, kDirectoryEpoch, Edition(1), 0, "").finish().error().rule == "directory.header");
  CHECK(Builder(SuiteId::kP256Sha256, kDirectoryEpoch, Edition(0), 0, "").finish().error().fault ==
        Fault::kApiMisuse);
}
