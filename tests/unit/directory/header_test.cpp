#include "blindbook/directory/header.h"

#include <limits>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/support/directory_rows.h"

using namespace blindbook;
using namespace blindbook::directory;
using test_support::kDirectoryEpoch;

namespace {

Header sample() {
  return {.suite = SuiteId::kP256Sha256,
          .epoch = kDirectoryEpoch,
          .edition = Edition(0x01020304),
          .rice = 17,
          .entries = 0x0102030405060708,
          .label_bytes = 0x0118,
          .label_template = "@{}:x"};
}

}  // namespace

TEST_CASE("a header is written field by field as specified") {
  CHECK(to_hex(encode_header(sample())) ==
        "bb424f4f4b646931"
        "01"
        "02"
        "0102030405060708090a0b0c0d0e0f10"
        "01020304"
        "38"
        "11"
        "0102030405060708"
        "0118"
        "05"
        "407b7d3a78");
  CHECK(encode_header(sample()).size() == header_bytes(5));
}

TEST_CASE("a header is read back and what follows it is left alone") {
  Bytes file = encode_header(sample());
  file.push_back(0xFF);
  CHECK(parse_header(file).value() == sample());
}

TEST_CASE("a header cut anywhere is rejected") {
  const Bytes file = encode_header(sample());
  for (std::size_t size = 0; size < file.size(); ++size) {
    const auto parsed = parse_header(ByteView(file).first(size));
    REQUIRE(!parsed);
    CHECK(parsed.error().rule == "directory.header");
    CHECK(parsed.error().fault == Fault::kPeerMisbehaved);
  }
}

TEST_CASE("label sizes are none or 2 to 512") {
  Header header = sample();
  for (const std::uint16_t size : std::vector<std::uint16_t>{0, 2, 24, 512}) {
    header.label_bytes = size;
    CHECK(!fault_of(header));
  }
  for (const std::uint16_t size : std::vector<std::uint16_t>{1, 513, 65535}) {
    header.label_bytes = size;
    CHECK(fault_of(header));
  }
}

TEST_CASE("a layout fills the file") {
  Header header = sample();
  header.entries = 10;
  header.label_bytes = 24;
  const Layout layout = layout_of(header, 48 + 30 + 320).value();
  CHECK(layout.header_bytes == 48);
  CHECK(layout.body_bytes == 30);
  CHECK(layout.column_bytes == 320);
  CHECK(layout.row_bytes == 32);
}

TEST_CASE("more entries than bits are rejected") {
  Header header = sample();
  header.label_bytes = 0;
  header.entries = 4;
  CHECK(layout_of(header, 48 + 9));  // 4 codes of 18 bits
  CHECK(!layout_of(header, 48 + 8));
  header.rice = 0;
  header.entries = 64;
  CHECK(layout_of(header, 48 + 8));
  header.entries = 65;
  CHECK(layout_of(header, 48 + 8).error().rule == "directory.size");
}

TEST_CASE("entries and sizes that overflow are rejected") {
  const std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  for (const std::uint16_t label_bytes : std::vector<std::uint16_t>{0, 24, 512}) {
    for (const std::uint64_t entries : {std::uint64_t{1} << 60, std::uint64_t{1} << 63, most}) {
      for (const std::uint8_t rice : std::vector<std::uint8_t>{0, 55}) {
        Header header = sample();
        header.label_bytes = label_bytes;
        header.entries = entries;
        header.rice = rice;
        CHECK(!layout_of(header, 0));
        CHECK(!layout_of(header, 1'000'000));
        CHECK(!layout_of(header, most));
      }
    }
  }
}
