#include "blindbook/hash/expand_message.h"

#include <stdexcept>

#include <catch2/catch.hpp>

#include "tests/support/vectors.h"

using namespace blindbook;
using namespace blindbook::hash;

TEST_CASE("expand message xmd gives the values of rfc 9380") {
  const auto [file, id] = GENERATE(table<std::string, HashId>({
      {"rfc9380-expand-message-xmd-sha256-38.json", HashId::kSha256},
      {"rfc9380-expand-message-xmd-sha256-256.json", HashId::kSha256},  // a tag over 255 bytes
      {"rfc9380-expand-message-xmd-sha512-38.json", HashId::kSha512},
  }));
  const auto vectors = test_support::read_vectors(file);
  REQUIRE(vectors.at("tests").size() == 10);
  const auto dst = vectors.at("DST").get<std::string>();
  for (const auto& vector : vectors.at("tests")) {
    const auto message = vector.at("msg").get<std::string>();
    Bytes out(std::stoul(vector.at("len_in_bytes").get<std::string>(), nullptr, 16));
    expand_message_xmd(id, {bytes_of(message)}, bytes_of(dst), out);
    CHECK(to_hex(out) == vector.at("uniform_bytes"));
  }
}

TEST_CASE("expand message xmd of parts is that of their concatenation") {
  std::array<std::uint8_t, 64> whole{};
  std::array<std::uint8_t, 64> parts{};
  expand_message_xmd(HashId::kSha512, {bytes_of("tel:+49")}, bytes_of("tag"), whole);
  expand_message_xmd(HashId::kSha512, {bytes_of("tel:"), {}, bytes_of("+49")}, bytes_of("tag"), parts);
  CHECK(whole == parts);
}

TEST_CASE("expand message xmd refuses an empty tag and impossible lengths") {
  Bytes out(32);
  CHECK_THROWS_AS(expand_message_xmd(HashId::kSha256, {}, {}, out), std::invalid_argument);
  CHECK_THROWS_AS(expand_message_xmd(HashId::kSha256, {}, bytes_of("tag"), {}), std::invalid_argument);
  Bytes most(255 * 32);
  CHECK_NOTHROW(expand_message_xmd(HashId::kSha256, {}, bytes_of("tag"), most));
  Bytes more(255 * 32 + 1);
  CHECK_THROWS_AS(expand_message_xmd(HashId::kSha256, {}, bytes_of("tag"), more), std::invalid_argument);
}
