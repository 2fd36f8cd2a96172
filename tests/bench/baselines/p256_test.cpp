#include "tests/bench/baselines/p256.h"

#include <stdexcept>
#include <string>

#include <catch2/catch.hpp>

#include "tests/support/deterministic_random.h"

namespace blindbook::bench {
namespace {

Bytes encrypted(const P256Cipher& cipher, const std::string& text) {
  Bytes out(P256Cipher::kPointBytes);
  cipher.encrypt(bytes_of(text), out);
  return out;
}

}  // namespace

TEST_CASE("keys on P-256 come on and off in any order") {
  test_support::DeterministicRandom random(1);
  const P256Cipher a(random);
  const P256Cipher b(random);
  for (int i = 0; i < 20; ++i) {
    const std::string text = "tel:+336399800" + std::to_string(10 + i);
    Bytes both(P256Cipher::kPointBytes);
    a.reencrypt(encrypted(b, text), both);
    Bytes other_way(P256Cipher::kPointBytes);
    b.reencrypt(encrypted(a, text), other_way);
    CHECK(both == other_way);
    b.decrypt(both, both);
    CHECK(both == encrypted(a, text));
    CHECK(both != encrypted(b, text));
    CHECK(both != encrypted(a, text + "0"));
  }
}

TEST_CASE("bytes that are no point of P-256 are refused") {
  test_support::DeterministicRandom random(2);
  const P256Cipher cipher(random);
  const Bytes good = encrypted(cipher, "tel:+33639980000");
  Bytes out(P256Cipher::kPointBytes);
  CHECK_NOTHROW(cipher.reencrypt(good, out));
  CHECK_THROWS_AS(cipher.reencrypt(ByteView(good).first(32), out), std::runtime_error);
  for (const int form : {0, 1, 4, 5, 6, 7}) {
    Bytes bad = good;
    bad[0] = static_cast<std::uint8_t>(form);
    CHECK_THROWS_AS(cipher.reencrypt(bad, out), std::runtime_error);
  }
  // x = 5 is on the curve, x = 1 and what is not below the prime are not.
  for (const int x : {1, 5}) {
    Bytes small(P256Cipher::kPointBytes);
    small.front() = 2;
    small.back() = static_cast<std::uint8_t>(x);
    if (x == 5) {
      CHECK_NOTHROW(cipher.reencrypt(small, out));
    } else {
      CHECK_THROWS_AS(cipher.reencrypt(small, out), std::runtime_error);
    }
  }
  Bytes large(P256Cipher::kPointBytes, 0xFF);
  large[0] = 2;
  CHECK_THROWS_AS(cipher.reencrypt(large, out), std::runtime_error);
}

}  // namespace blindbook::bench
