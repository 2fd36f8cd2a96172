#include <catch2/catch.hpp>

#include "blindbook/directory/golomb_rice.h"
#include "blindbook/directory/page_index.h"
#include "blindbook/directory/root.h"

#include "tests/support/directory_rows.h"

using namespace blindbook;
using namespace blindbook::directory;
using namespace blindbook::test_support;

namespace {

struct SmallDirectory {
  DeterministicRandom random{10};
  std::vector<DirectoryRow> rows = random_rows(random, 6, 2);
  Bytes file = build_directory(rows, 2);
  ExpectedHeader expected = announced(file);
  Root root = root_of(file);

  Result<Matches> matches(const std::vector<Tag>& own, std::size_t chunk = 4096) const {
    auto found = read_directory(file, expected, own, chunk);
    REQUIRE(found);
    return std::move(*found).verify(root);
  }
};

}  // namespace

TEST_CASE_METHOD(SmallDirectory, "own tags are found whatever their order") {
  const auto found =
      matches({Tag(rows[4].tag), Tag(0), Tag(rows[1].tag), Tag((std::uint64_t{1} << 56) - 1)}).value();
  REQUIRE(found.matches.size() == 2);
  CHECK(found.matches[0].own_index == 0);
  CHECK(found.matches[0].sealed == rows[4].sealed);
  CHECK(found.matches[1].own_index == 2);
  CHECK(found.matches[1].sealed == rows[1].sealed);
}

TEST_CASE_METHOD(SmallDirectory, "an own tag given twice matches twice") {
  const auto found = matches({Tag(rows[2].tag), Tag(rows[2].tag)}).value();
  REQUIRE(found.matches.size() == 2);
  CHECK(found.matches[0].own_index == 0);
  CHECK(found.matches[1].own_index == 1);
  CHECK(found.matches[0].sealed == found.matches[1].sealed);
}

TEST_CASE_METHOD(SmallDirectory, "no own tags find nothing") {
  CHECK(matches({}).value().matches.empty());
}

TEST_CASE("every row of an equal run is a match") {
  std::vector<DirectoryRow> rows;
  for (std::uint8_t i = 0; i < 100; ++i) {
    rows.push_back({.tag = 5, .sealed = Bytes(10, static_cast<std::uint8_t>(i / 2))});
  }
  rows.push_back({.tag = 4, .sealed = Bytes(10, 0xEE)});
  rows.push_back({.tag = 6, .sealed = Bytes(10, 0xEE)});
  const Bytes file = build_directory(rows, 2);
  for (const std::size_t chunk : {1u, 7u, 15u, 4096u}) {
    auto found = read_directory(file, announced(file), {Tag(5)}, chunk);
    REQUIRE(found);
    const auto matches = std::move(*found).verify(root_of(file)).value().matches;
    REQUIRE(matches.size() == 100);
    for (std::size_t i = 0; i < matches.size(); ++i) {
      REQUIRE(matches[i].sealed == rows[i].sealed);
    }
  }
}

TEST_CASE_METHOD(SmallDirectory, "matches come only from the announced root") {
  for (std::size_t bit = 0; bit < 256; bit += 15) {
    auto found = read_directory(file, expected, {Tag(rows[0].tag)});
    REQUIRE(found);
    std::array<std::uint8_t, 32> bytes{};
    std::copy(root.view().begin(), root.view().end(), bytes.begin());
    bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] ^ 1 << bit % 8);
    const auto refused = std::move(*found).verify(Root(bytes));
    REQUIRE(!refused);
    CHECK(refused.error().rule == "directory.root");
    CHECK(refused.error().fault == Fault::kPeerMisbehaved);
  }
}

TEST_CASE_METHOD(SmallDirectory, "a file cut at any byte is rejected") {
  for (std::size_t size = 0; size < file.size(); ++size) {
    CAPTURE(size);
    CHECK(rejecting_rule(ByteView(file).first(size), expected) == "directory.size");
    // Announced as long as it is: the body ends too early, or the size cannot hold the entries.
    ExpectedHeader shorter = expected;
    shorter.file_size = size;
    CHECK(rejecting_rule(ByteView(file).first(size), shorter) != "accepted");
  }
}

TEST_CASE_METHOD(SmallDirectory, "a byte behind the file is rejected") {
  Bytes longer = file;
  longer.push_back(0);
  CHECK(rejecting_rule(longer, expected) == "directory.size");
  CHECK(rejecting_rule(longer, expected, 1) == "directory.size");
  ExpectedHeader said = expected;
  said.file_size = longer.size();
  CHECK(rejecting_rule(longer, said) == "directory.body");
}

TEST_CASE_METHOD(SmallDirectory, "a flipped bit is rejected or leads to another root") {
  for (std::size_t bit = 0; bit < 8 * file.size(); ++bit) {
    Bytes flipped = file;
    flipped[bit / 8] = static_cast<std::uint8_t>(flipped[bit / 8] ^ 1 << bit % 8);
    auto found = read_directory(flipped, expected, {Tag(rows[0].tag)});
    CAPTURE(bit);
    if (bit < 8 * header_bytes(expected.label_template.size())) {
      REQUIRE(!found);
    }
    if (found) {
      REQUIRE(std::move(*found).verify(root).error().rule == "directory.root");
    }
  }
}

TEST_CASE_METHOD(SmallDirectory, "a header that differs from the announced one is rejected") {
  std::vector<ExpectedHeader> others(6, expected);
  others[0].suite = SuiteId::kP256Sha256;
  others[1].epoch = EpochId();
  others[2].edition = Edition(2);
  others[3].entries += 1;
  others[4].label_bytes = 0;
  others[5].label_template = "@{}:town.example";
  for (const ExpectedHeader& other : others) {
    CHECK(rejecting_rule(file, other) == "directory.header");
  }
  ExpectedHeader longer = expected;
  longer.label_template += "x";
  CHECK(rejecting_rule(file, longer) == "directory.header");
  ExpectedHeader shorter = expected;
  shorter.label_template.pop_back();
  CHECK(rejecting_rule(file, shorter) == "directory.header");
}

TEST_CASE_METHOD(SmallDirectory, "a reader that failed stays failed") {
  Bytes bad = file;
  bad[0] ^= 1;
  StreamReader reader(expected, {});
  REQUIRE(!reader.feed(bad));
  CHECK(reader.feed({}).error().rule == "directory.header");
  const auto found = std::move(reader).finish();
  CHECK(found.error().rule == "directory.header");
}

TEST_CASE_METHOD(SmallDirectory, "where a file fails does not depend on the own tags") {
  std::vector<Tag> all;
  for (const DirectoryRow& row : rows) {
    all.emplace_back(row.tag);
  }
  for (std::size_t bit = 0; bit < 8 * file.size(); bit += 3) {
    Bytes flipped = file;
    flipped[bit / 8] = static_cast<std::uint8_t>(flipped[bit / 8] ^ 1 << bit % 8);
    std::array<std::size_t, 2> failed_at{};
    for (std::size_t i = 0; i < 2; ++i) {
      StreamReader reader(expected, i == 0 ? std::vector<Tag>() : all);
      while (failed_at[i] < flipped.size() && reader.feed({&flipped[failed_at[i]], 1})) {
        ++failed_at[i];
      }
    }
    REQUIRE(failed_at[0] == failed_at[1]);
  }
}

TEST_CASE("a file with too many rows of one tag is rejected at a byte that own tags do not change") {
  // Builder makes no such file.
  const auto file_of = [](std::size_t rows, std::uint64_t tag) {
    const auto tag_at = [&](std::size_t) { return tag; };
    const RiceChoice rice = choose_rice(rows, tag_at);
    Bytes file = encode_header({.suite = SuiteId::kRistretto255Sha512,
                                .epoch = kDirectoryEpoch,
                                .edition = Edition(1),
                                .rice = static_cast<std::uint8_t>(rice.k),
                                .entries = rows,
                                .label_bytes = 0,
                                .label_template = ""});
    const std::size_t body = file.size();
    file.resize(body + static_cast<std::size_t>((rice.bits + 7) / 8));
    encode_tags(rows, tag_at, rice.k, MutableBytes(file).subspan(body));
    return file;
  };
  const auto bytes_until_failure = [](ByteView file, const std::vector<Tag>& own) {
    StreamReader reader(announced(file), own);
    std::size_t read = 0;
    while (read < file.size() && reader.feed(file.subspan(read, 1))) {
      ++read;
    }
    return read;
  };
  for (const std::uint64_t tag : {std::uint64_t{0}, std::uint64_t{5}}) {
    const Bytes most = file_of(kMaxEqualRows, tag);
    CHECK(rejecting_rule(most, announced(most)) == "accepted");
    CHECK(PageIndex::open(ByteView(most), root_of(most)));

    const Bytes more = file_of(2 * kMaxEqualRows, tag);
    CHECK(rejecting_rule(more, announced(more)) == "directory.body");
    CHECK(PageIndex::open(ByteView(more), root_of(more)).error().rule == "directory.body");
    CHECK(bytes_until_failure(more, {}) < more.size());
    CHECK(bytes_until_failure(more, {Tag(tag)}) == bytes_until_failure(more, {}));
  }
}

TEST_CASE("an empty directory is read and finds nothing") {
  const Bytes file = build_directory({}, 24);
  auto found = read_directory(file, announced(file), {Tag(0), Tag(1)});
  REQUIRE(found);
  CHECK(std::move(*found).verify(root_of(file)).value().matches.empty());
  CHECK(file.size() == header_bytes(std::string("@{}:city.example").size()));
}
