#include <algorithm>
#include <string>
#include <utility>

#include <catch2/catch.hpp>

#include "blindbook/directory/page_index.h"

#include "tests/support/directory_rows.h"

using namespace blindbook;
using namespace blindbook::directory;
using namespace blindbook::test_support;

namespace {

// Rows with everything that a multiset may hold: equal tags with other labels, and equal rows.
std::vector<DirectoryRow> mixed_rows(DeterministicRandom& random, std::size_t count,
                                     std::uint16_t label_bytes) {
  auto rows = random_rows(random, count, label_bytes, static_cast<unsigned>(random.below(57)));
  for (std::size_t i = 1; i < rows.size(); i += 1 + random.below(9)) {
    const DirectoryRow& other = rows[random.below(i)];
    if (random.below(2) == 0) {
      rows[i].tag = other.tag;
    } else {
      rows[i] = other;
    }
  }
  return rows;
}

std::vector<std::pair<std::size_t, std::string>> expected_matches(const std::vector<DirectoryRow>& rows,
                                                                  const std::vector<Tag>& own) {
  std::vector<std::pair<std::size_t, std::string>> out;
  for (std::size_t i = 0; i < own.size(); ++i) {
    for (const DirectoryRow& row : rows) {
      if (row.tag == own[i].value()) {
        out.emplace_back(i, to_hex(row.sealed));
      }
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

TEST_CASE("what is built is found in chunks of any size") {
  DeterministicRandom random(20);
  for (int round = 0; round < 300; ++round) {
    constexpr std::size_t kSizes[] = {0, 1, 2, 63, 64, 65, 1000};
    const std::size_t count = round < 70 ? kSizes[round % 7] : random.below(300);
    const auto label_bytes = static_cast<std::uint16_t>(random.below(3) == 0 ? 0 : 2 + random.below(40));
    const auto rows = mixed_rows(random, count, label_bytes);
    const Bytes file = build_directory(rows, label_bytes);

    std::vector<Tag> own;
    const std::size_t asked = random.below(40);
    for (std::size_t i = 0; i < asked; ++i) {
      own.emplace_back(rows.empty() || random.below(3) == 0 ? random.below(std::uint64_t{1} << 56)
                                                            : rows[random.below(rows.size())].tag);
    }
    const auto right = expected_matches(rows, own);
    for (const std::size_t chunk :
         {std::size_t{1}, std::size_t{7}, 1 + random.below(200), std::size_t{4096}}) {
      CAPTURE(round, count, label_bytes, chunk);
      auto found = read_directory(file, announced(file), own, chunk);
      REQUIRE(found);
      const auto verified = std::move(*found).verify(root_of(file));
      REQUIRE(verified);
      std::vector<std::pair<std::size_t, std::string>> matches;
      for (const Match& match : verified->matches) {
        matches.emplace_back(match.own_index, to_hex(match.sealed));
      }
      REQUIRE(std::is_sorted(matches.begin(), matches.end()));
      REQUIRE(matches == right);
    }
  }
}

TEST_CASE("the page index agrees with the stream reader") {
  DeterministicRandom random(21);
  for (int round = 0; round < 100; ++round) {
    const auto rows = mixed_rows(random, random.below(500), 4);
    const Bytes file = build_directory(rows, 4);
    const auto index = PageIndex::open(ByteView(file), root_of(file)).value();
    for (int i = 0; i < 50; ++i) {
      const Tag tag(rows.empty() || i % 3 == 0 ? random.below(std::uint64_t{1} << 56)
                                               : rows[random.below(rows.size())].tag);
      auto found = read_directory(file, announced(file), {tag});
      REQUIRE(found);
      REQUIRE(std::move(*found).verify(root_of(file))->matches.size() == index.find(tag).count);
    }
  }
}

TEST_CASE("a multiset has one file and any accepted file is the one of its rows") {
  DeterministicRandom random(22);
  std::size_t accepted = 0;
  for (int round = 0; round < 20'000; ++round) {
    auto rows = mixed_rows(random, 1 + random.below(12), 0);
    Bytes file = build_directory(rows, 0);
    const ExpectedHeader expected = announced(file);
    const std::size_t body_at = header_bytes(expected.label_template.size());
    // Change bits of the body alone; whatever the reader accepts must be what the builder makes of its tags.
    for (std::size_t flips = 1 + random.below(3); flips > 0; --flips) {
      const std::size_t bit = 8 * body_at + random.below(8 * (file.size() - body_at));
      file[bit / 8] = static_cast<std::uint8_t>(file[bit / 8] ^ 1 << bit % 8);
    }
    if (rejecting_rule(file, expected) != "accepted") {
      continue;
    }
    ++accepted;
    TagDecoder decoder(parse_header(file)->rice);
    decoder.feed(ByteView(file).subspan(body_at));
    for (DirectoryRow& row : rows) {
      REQUIRE(decoder.next() == TagDecoder::Step::kTag);
      row.tag = decoder.tag();
    }
    REQUIRE(build_directory(rows, 0) == file);
  }
  CHECK(accepted > 1000);
}

TEST_CASE("random bytes behind a right header are never accepted silently") {
  DeterministicRandom random(23);
  for (int round = 0; round < 20'000; ++round) {
    const Bytes file = build_directory(random_rows(random, 1 + random.below(20), 2), 2);
    const ExpectedHeader expected = announced(file);
    const std::size_t body_at = header_bytes(expected.label_template.size());
    Bytes other = file;
    random.fill(MutableBytes(other).subspan(body_at));
    if (other == file) {
      continue;
    }
    auto found = read_directory(other, expected, {Tag(1)}, 1 + random.below(64));
    if (found) {
      REQUIRE(std::move(*found).verify(root_of(file)).error().rule == "directory.root");
    }
  }
}
