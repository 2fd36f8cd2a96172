#include "blindbook/hash/hmac.h"

#include <catch2/catch.hpp>

#include "tests/support/vectors.h"

using namespace blindbook;
using namespace blindbook::hash;

TEST_CASE("hmac gives the codes of rfc 4231") {
  const auto vectors = test_support::read_vectors("rfc4231-hmac.json");
  REQUIRE(vectors.at("tests").size() == 6);
  for (const auto& vector : vectors.at("tests")) {
    INFO(vector.at("name"));
    const Bytes key = test_support::hex_bytes(vector.at("key"));
    const Bytes data = test_support::hex_bytes(vector.at("data"));
    CHECK(to_hex(hmac_sha256(key, {data})) == vector.at("sha256"));
    CHECK(to_hex(Hmac<Sha512>(key).update(data).finish()) == vector.at("sha512"));
  }
}

TEST_CASE("hmac of parts is hmac of their concatenation") {
  const ByteView key = bytes_of("key");
  CHECK(hmac_sha256(key, {bytes_of("tel:"), {}, bytes_of("+49")}) == hmac_sha256(key, {bytes_of("tel:+49")}));
}

TEST_CASE("a keyed hmac can be copied and used again") {
  const Hmac<Sha256> keyed(bytes_of("key"));
  for (const auto* text : {"one", "two"}) {
    CHECK(Hmac<Sha256>(keyed).update(bytes_of(text)).finish() ==
          hmac_sha256(bytes_of("key"), {bytes_of(text)}));
  }
}
