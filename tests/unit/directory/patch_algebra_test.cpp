#include "blindbook/directory/patch_algebra.h"

#include <algorithm>
#include <deque>
#include <optional>
#include <set>

#include <catch2/catch.hpp>

#include "tests/support/directory_rows.h"

using namespace blindbook;
using namespace blindbook::directory;
using namespace blindbook::test_support;

namespace {

Bytes edition_of(const std::vector<DirectoryRow>& rows, std::uint16_t label_bytes, std::uint32_t edition) {
  Builder builder(SuiteId::kRistretto255Sha512, kDirectoryEpoch, Edition(edition), label_bytes, "");
  for (const DirectoryRow& row : rows) {
    builder.add(Tag(row.tag), row.sealed);
  }
  return std::move(builder).finish().value();
}

/// One of few rows, so that equal tags and wholly equal rows are frequent.
DirectoryRow random_row(DeterministicRandom& random, std::uint16_t label_bytes) {
  return {.tag = uniform_below(random, 24),
          .sealed = Bytes(sealed_bytes(label_bytes), static_cast<std::uint8_t>(uniform_below(random, 2)))};
}

/// Some leave and some join.
void change(std::vector<DirectoryRow>& rows, DeterministicRandom& random, std::uint16_t label_bytes) {
  const auto leave = uniform_below(random, 8);
  for (std::uint64_t i = 0; i < leave && !rows.empty(); ++i) {
    rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(uniform_below(random, rows.size())));
  }
  const auto join = uniform_below(random, 8);
  for (std::uint64_t i = 0; i < join; ++i) {
    rows.push_back(random_row(random, label_bytes));
  }
}

std::multiset<DirectoryRow> set_of(const RowsView& rows) {
  std::multiset<DirectoryRow> out;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    out.insert({.tag = rows[i].tag, .sealed = Bytes(rows[i].sealed.begin(), rows[i].sealed.end())});
  }
  return out;
}

Patch between(const Bytes& from, const Bytes& to) {
  return difference(decode_directory(from).value(), decode_directory(to).value()).value();
}

}  // namespace

TEST_CASE("a difference leads from one edition to the next and holds nothing that stays") {
  DeterministicRandom random(1);
  for (const std::uint16_t label_bytes : {std::uint16_t{0}, std::uint16_t{2}}) {
    std::vector<DirectoryRow> rows;
    for (int round = 0; round < 200; ++round) {
      const Bytes from = edition_of(rows, label_bytes, 1);
      change(rows, random, label_bytes);
      const Bytes to = edition_of(rows, label_bytes, 2);
      const Patch patch = between(from, to);
      REQUIRE(apply_patch(from, patch).value() == to);
      const auto joins = set_of(patch.joins());
      for (const std::uint64_t rank : patch.leavers) {
        const DecodedDirectory before = decode_directory(from).value();
        const RowView row = before.rows()[rank];
        REQUIRE(!joins.contains({.tag = row.tag, .sealed = Bytes(row.sealed.begin(), row.sealed.end())}));
      }
    }
  }
}

TEST_CASE(
    "a star of composed patches leads from each edition to the last, and nobody who left stands in it") {
  DeterministicRandom random(2);
  constexpr std::size_t kStar = 12;
  for (const std::uint16_t label_bytes : {std::uint16_t{0}, std::uint16_t{2}}) {
    std::vector<DirectoryRow> rows;
    for (int i = 0; i < 30; ++i) {
      rows.push_back(random_row(random, label_bytes));
    }
    std::deque<Bytes> editions{edition_of(rows, label_bytes, 1)};  // a service keeps the last alone
    std::deque<Patch> star;                                        // star[i] leads from editions[i]
    for (std::uint32_t edition = 2; edition < 150; ++edition) {
      change(rows, random, label_bytes);
      const Bytes next = edition_of(rows, label_bytes, edition);
      const DecodedDirectory last = decode_directory(editions.back()).value();
      const Patch today = between(editions.back(), next);
      for (Patch& patch : star) {
        patch = compose(patch, last, today).value();
      }
      star.push_back(today);
      const auto present = set_of(decode_directory(next).value().rows());
      for (std::size_t i = 0; i < star.size(); ++i) {
        REQUIRE(apply_patch(editions[i], star[i]).value() == next);
        REQUIRE(parse_patch(encode_patch(star[i])).value() == star[i]);
        const auto joins = set_of(star[i].joins());
        REQUIRE(std::includes(present.begin(), present.end(), joins.begin(), joins.end()));
      }
      editions.push_back(next);
      if (star.size() == kStar) {
        star.pop_front();
        editions.pop_front();
      }
    }
  }
}

TEST_CASE("who joins and leaves between two editions is in no patch across both") {
  const DirectoryRow anna{.tag = 7, .sealed = {}};
  const DirectoryRow bernd{.tag = 9, .sealed = {}};
  const Bytes first = edition_of({anna}, 0, 1);
  const Bytes second = edition_of({anna, bernd}, 0, 2);
  const Bytes third = edition_of({anna}, 0, 3);
  const Patch patch =
      compose(between(first, second), decode_directory(second).value(), between(second, third)).value();
  CHECK(patch.leavers.empty());
  CHECK(patch.tags.empty());
  CHECK(apply_patch(first, patch).value() == third);
}

TEST_CASE("editions and patches that do not follow one another make no patch") {
  DeterministicRandom random(4);
  const auto rows = random_rows(random, 8, 0);
  const Bytes first = edition_of(rows, 0, 1);
  const Bytes second = edition_of({rows[0], rows[1]}, 0, 2);
  const Bytes third = edition_of({rows[1], rows[5]}, 0, 3);
  const auto misused = [](const auto& made) {
    return !made && made.error().fault == Fault::kApiMisuse && made.error().rule == "patch.chain";
  };
  const DecodedDirectory one = decode_directory(first).value();
  const DecodedDirectory two = decode_directory(second).value();
  const DecodedDirectory three = decode_directory(third).value();
  CHECK(misused(difference(two, one)));
  CHECK(misused(difference(one, one)));
  DecodedDirectory other = two;
  other.header.epoch = EpochId();
  CHECK(misused(difference(one, other)));
  const Patch to_second = difference(one, two).value();
  const Patch to_third = difference(two, three).value();
  CHECK(compose(to_second, two, to_third));
  CHECK(misused(compose(to_third, two, to_second)));
  CHECK(misused(compose(to_second, three, to_third)));
  Patch beyond = to_third;
  beyond.leavers = {99};
  CHECK(misused(compose(to_second, two, beyond)));
}
