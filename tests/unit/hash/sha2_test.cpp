#include "blindbook/hash/sha2.h"

#include <catch2/catch.hpp>

using namespace blindbook;
using namespace blindbook::hash;

TEST_CASE("sha256 gives the digest of fips 180-4") {
  CHECK(to_hex(sha256({bytes_of("abc")})) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(to_hex(sha256({})) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("sha512 gives the digest of fips 180-4") {
  CHECK(to_hex(sha512({bytes_of("abc")})) ==
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
}

TEST_CASE("a digest does not depend on how the input is cut") {
  Bytes message(300);
  for (std::size_t i = 0; i < message.size(); ++i) {
    message[i] = static_cast<std::uint8_t>(i * 7);
  }
  const ByteView whole = message;
  const auto want_256 = sha256({whole});
  const auto want_512 = sha512({whole});
  for (std::size_t cut = 0; cut <= message.size(); ++cut) {
    CHECK(sha256({whole.first(cut), whole.subspan(cut)}) == want_256);
    CHECK(Sha512().update(whole.first(cut)).update(whole.subspan(cut)).finish() == want_512);
  }
}

TEST_CASE("a copied hash goes on by itself") {
  Sha512 prefix;
  prefix.update(bytes_of("tel:"));
  Sha512 copy = prefix;
  copy.update(bytes_of("+49"));
  CHECK(prefix.finish() == sha512({bytes_of("tel:")}));
  CHECK(copy.finish() == sha512({bytes_of("tel:+49")}));
}

TEST_CASE("finish starts over with the empty message") {
  Sha256 small;
  static_cast<void>(small.update(bytes_of("first")).finish());
  CHECK(small.update(bytes_of("second")).finish() == sha256({bytes_of("second")}));
  Sha512 large;
  static_cast<void>(large.update(bytes_of("first")).finish());
  CHECK(large.update(bytes_of("second")).finish() == sha512({bytes_of("second")}));
}
