#include "blindbook/directory/patch.h"
#include "blindbook/directory/root.h"

#include <functional>

#include <catch2/catch.hpp>

#include "tests/support/directory_rows.h"
#include "tests/support/vectors.h"

using namespace blindbook;
using namespace blindbook::directory;
using namespace blindbook::test_support;

namespace {

constexpr std::uint16_t kLabelBytes = 2;
constexpr std::size_t kHeaderBytes = 8 + 1 + 1 + 16 + 4 + 4 + 2 + 8 + 1 + 8 + 8 + 1;

Bytes sealed(std::uint8_t fill) {
  return Bytes(sealed_bytes(kLabelBytes), fill);
}

/// Edition 1 with tags 10, 20, 20, 30, and a patch to edition 2.
struct SmallPatch {
  std::vector<DirectoryRow> rows = {{.tag = 10, .sealed = sealed(1)},
                                    {.tag = 20, .sealed = sealed(2)},
                                    {.tag = 20, .sealed = sealed(3)},
                                    {.tag = 30, .sealed = sealed(4)}};
  Bytes file = build_directory(rows, kLabelBytes);
  Patch patch{.suite = SuiteId::kRistretto255Sha512,
              .epoch = kDirectoryEpoch,
              .from = Edition(1),
              .to = Edition(2),
              .label_bytes = kLabelBytes,
              .leavers = {1, 3},
              .tags = {5, 20},
              .column = [] {
                Bytes column = sealed(5);
                const Bytes second = sealed(6);
                column.insert(column.end(), second.begin(), second.end());
                return column;
              }()};

  [[nodiscard]] std::string rule_after(const std::function<void(Patch&)>& change) const {
    Patch changed = patch;
    change(changed);
    const auto applied = apply_patch(file, changed);
    return applied ? "applied" : std::string(applied.error().rule);
  }
  [[nodiscard]] static std::string rule_of(ByteView bytes) {
    const auto parsed = parse_patch(bytes);
    if (parsed) {
      return "parsed";
    }
    CHECK(parsed.error().fault == Fault::kPeerMisbehaved);
    return std::string(parsed.error().rule);
  }
};

}  // namespace

TEST_CASE_METHOD(SmallPatch, "rows leave by rank and others join") {
  const Bytes next = apply_patch(file, patch).value();
  const DecodedDirectory decoded = decode_directory(next).value();
  CHECK(decoded.header.edition == Edition(2));
  CHECK(decoded.header.label_template == parse_header(file).value().label_template);
  std::vector<DirectoryRow> got;
  for (std::size_t rank = 0; rank < decoded.rows().size(); ++rank) {
    const RowView row = decoded.rows()[rank];
    got.push_back({.tag = row.tag, .sealed = Bytes(row.sealed.begin(), row.sealed.end())});
  }
  const std::vector<DirectoryRow> expected = {{.tag = 5, .sealed = sealed(5)},
                                              {.tag = 10, .sealed = sealed(1)},
                                              {.tag = 20, .sealed = sealed(3)},
                                              {.tag = 20, .sealed = sealed(6)}};
  CHECK(got == expected);
}

TEST_CASE_METHOD(SmallPatch, "a patch is the one its file holds") {
  const Bytes bytes = encode_patch(patch);
  CHECK(parse_patch(bytes).value() == patch);
  CHECK(bytes.size() > kHeaderBytes + patch.column.size());
}

TEST_CASE("a patch that changes nothing and one that empties a directory are patches") {
  DeterministicRandom random(3);
  const Bytes file = build_directory(random_rows(random, 5, 0), 0);
  Patch patch{.suite = SuiteId::kRistretto255Sha512,
              .epoch = kDirectoryEpoch,
              .from = Edition(1),
              .to = Edition(9),
              .label_bytes = 0,
              .leavers = {},
              .tags = {},
              .column = {}};
  CHECK(encode_patch(patch).size() == kHeaderBytes);
  CHECK(parse_patch(encode_patch(patch)).value() == patch);
  Header header = parse_header(file).value();
  CHECK(parse_header(apply_patch(file, patch).value()).value().entries == 5);
  patch.leavers = {0, 1, 2, 3, 4};
  CHECK(parse_patch(encode_patch(patch)).value() == patch);
  const Bytes emptied = apply_patch(file, patch).value();
  header = parse_header(emptied).value();
  CHECK(header.entries == 0);
  CHECK(header.edition == Edition(9));
  CHECK(emptied.size() == header_bytes(header.label_template.size()));
}

TEST_CASE_METHOD(SmallPatch, "a patch for another directory is refused") {
  CHECK(rule_after([](Patch&) {}) == "applied");
  CHECK(rule_after([](Patch& p) { p.from = Edition(2), p.to = Edition(3); }) == "patch.edition");
  CHECK(rule_after([](Patch& p) { p.epoch = EpochId(); }) == "patch.edition");
  CHECK(rule_after([](Patch& p) { p.suite = SuiteId::kP256Sha256; }) == "patch.edition");
  CHECK(rule_after([](Patch& p) { p.label_bytes = 0, p.column.clear(); }) == "patch.edition");
}

TEST_CASE_METHOD(SmallPatch, "a patch that takes away what is not there is refused") {
  CHECK(rule_after([](Patch& p) { p.leavers = {1, 4}; }) == "patch.rank");
  CHECK(rule_after([](Patch& p) { p.leavers = {std::uint64_t{1} << 55}; }) == "patch.rank");
}

TEST_CASE_METHOD(SmallPatch, "a damaged directory is refused as such") {
  Bytes damaged = file;
  damaged.pop_back();
  const auto applied = apply_patch(damaged, patch);
  REQUIRE(!applied);
  CHECK(applied.error().rule == "directory.body");
}

TEST_CASE_METHOD(SmallPatch, "a patch with a bad header is refused") {
  const Bytes good = encode_patch(patch);
  const auto with = [&](std::size_t at, std::uint8_t byte) {
    Bytes bytes = good;
    bytes[at] = byte;
    return rule_of(bytes);
  };
  CHECK(rule_of(good) == "parsed");
  CHECK(with(0, 'B') == "patch.header");    // magic
  CHECK(with(8, 2) == "patch.header");      // version
  CHECK(with(9, 3) == "patch.header");      // suite
  CHECK(with(29, 0) == "patch.header");     // from edition 0
  CHECK(with(33, 1) == "patch.header");     // to the same edition
  CHECK(with(35, 1) == "patch.header");     // a label that has no room for its length
  CHECK(with(34, 0x10) == "patch.header");  // more than 512 bytes of label
  for (std::size_t size = 0; size < kHeaderBytes; ++size) {
    CHECK(rule_of(ByteView(good).first(size)) == "patch.header");
  }
}

TEST_CASE_METHOD(SmallPatch, "a patch that is cut anywhere or goes on is refused") {
  const Bytes good = encode_patch(patch);
  for (std::size_t size = kHeaderBytes; size < good.size(); ++size) {
    CHECK(rule_of(ByteView(good).first(size)) == "patch.body");
  }
  Bytes longer = good;
  longer.push_back(0);
  CHECK(rule_of(longer) == "patch.body");
}

TEST_CASE_METHOD(SmallPatch,
                 "counts that no patch of the size can hold are refused before anything is allocated") {
  const Bytes good = encode_patch(patch);
  for (const std::size_t at : {36u, 45u, 53u}) {  // leavers, leaver_bytes, joins
    for (const std::size_t byte : {0u, 3u, 6u}) {
      Bytes bytes = good;
      bytes[at + byte] = 0xFF;
      CHECK(rule_of(bytes) == "patch.body");
    }
  }
}

TEST_CASE_METHOD(SmallPatch, "a list that is coded in another way is refused") {
  const Bytes good = encode_patch(patch);
  Bytes rice = good;
  rice[44] = static_cast<std::uint8_t>(rice[44] + 1);
  CHECK(rule_of(rice) == "patch.body");
  patch.tags = {20, 20};
  CHECK(rule_of(encode_patch(patch)) == "parsed");
  std::rotate(patch.column.begin(),
              patch.column.begin() + static_cast<std::ptrdiff_t>(sealed_bytes(kLabelBytes)),
              patch.column.end());
  CHECK(rule_of(encode_patch(patch)) == "patch.body");  // rows of one tag out of order
}

// Written by tests/tools/make_directory_vectors.py, which shares no code with the library.
TEST_CASE("golden patches are written byte for byte and lead to their roots") {
  for (const char* name : {"patch-tags", "patch-labels", "patch-nothing", "patch-emptied"}) {
    CAPTURE(name);
    const auto json = read_vectors(std::string("directory/") + name + ".json");
    const Bytes file = read_vector_file(std::string("directory/") + name + ".bbp");
    const Patch patch = parse_patch(file).value();
    CHECK(encode_patch(patch) == file);
    CHECK(patch.leavers == json.at("leavers").get<std::vector<std::uint64_t>>());
    const RowsView joins = patch.joins();
    REQUIRE(joins.size() == json.at("joins").size());
    for (std::size_t i = 0; i < joins.size(); ++i) {
      CHECK(joins[i].tag == std::stoull(json.at("joins")[i].at("tag").get<std::string>(), nullptr, 16));
      CHECK(to_hex(joins[i].sealed) == json.at("joins")[i].at("sealed").get<std::string>());
    }
    const Bytes from = read_vector_file(std::string("directory/") + name + "-from.bbd");
    CHECK(root_of(apply_patch(from, patch).value()).hex() == json.at("root").get<std::string>());
  }
}
