// The oracle against third-party vectors and libsodium: a wrong oracle proves nothing.
#include <array>

#include <catch2/catch.hpp>
#include <sodium.h>

#include "tests/oracle/ristretto_oracle.h"
#include "tests/support/deterministic_random.h"
#include "tests/support/vectors.h"

using namespace blindbook;

TEST_CASE("oracle multiples of the generator are those of rfc 9496") {
  const auto vectors = test_support::read_vectors("rfc9496-ristretto255.json");
  REQUIRE(vectors.at("generator_multiples").size() == 16);
  oracle::Integer k = 0;
  for (const auto& encoding : vectors.at("generator_multiples")) {
    const oracle::Point p = oracle::multiply(k++, oracle::generator());
    CHECK(oracle::is_on_curve(p));
    CHECK(to_hex(oracle::encode(p)) == encoding);
    const auto decoded = oracle::decode(test_support::hex_bytes(encoding));
    REQUIRE(decoded);
    CHECK(to_hex(oracle::encode(*decoded)) == encoding);
  }
}

TEST_CASE("oracle rejects the invalid encodings of rfc 9496") {
  const auto vectors = test_support::read_vectors("rfc9496-ristretto255.json");
  std::size_t count = 0;
  for (const auto& group : vectors.at("invalid_encodings")) {
    for (const auto& encoding : group.at("encodings")) {
      INFO(group.at("reason") << " " << encoding);
      CHECK_FALSE(oracle::decode(test_support::hex_bytes(encoding)));
      ++count;
    }
  }
  CHECK(count == 29);
}

TEST_CASE("oracle maps and roots are those of rfc 9496") {
  const auto vectors = test_support::read_vectors("rfc9496-ristretto255.json");
  REQUIRE(vectors.at("from_uniform").size() == 11);
  for (const auto& vector : vectors.at("from_uniform")) {
    const oracle::Point p = oracle::from_uniform(test_support::hex_bytes(vector.at("uniform")));
    CHECK(oracle::is_on_curve(p));
    CHECK(to_hex(oracle::encode(p)) == vector.at("element"));
  }
  REQUIRE(vectors.at("sqrt_ratio_m1").size() == 6);
  for (const auto& vector : vectors.at("sqrt_ratio_m1")) {
    const auto u = oracle::from_little_endian(test_support::hex_bytes(vector.at("u")));
    const auto v = oracle::from_little_endian(test_support::hex_bytes(vector.at("v")));
    const oracle::Root root = oracle::sqrt_ratio_m1(u, v);
    CHECK(root.was_square == vector.at("was_square").get<bool>());
    CHECK(to_hex(oracle::to_little_endian(root.root)) == vector.at("root"));
  }
}

TEST_CASE("oracle agrees with libsodium on random elements and scalars") {
  REQUIRE(sodium_init() >= 0);
  test_support::DeterministicRandom random(1);
  for (int round = 0; round < 8; ++round) {
    std::array<std::uint8_t, 64> uniform{};
    std::array<std::uint8_t, 64> wide{};
    random.fill(uniform);
    random.fill(wide);
    std::array<std::uint8_t, 32> element{};
    std::array<std::uint8_t, 32> scalar{};
    std::array<std::uint8_t, 32> product{};
    crypto_core_ristretto255_from_hash(element.data(), uniform.data());
    crypto_core_ristretto255_scalar_reduce(scalar.data(), wide.data());
    REQUIRE(crypto_scalarmult_ristretto255(product.data(), scalar.data(), element.data()) == 0);
    const oracle::Point p = oracle::from_uniform(uniform);
    CHECK(to_hex(oracle::encode(p)) == to_hex(element));
    const auto k = oracle::modulo(oracle::from_little_endian(wide), oracle::group_order());
    CHECK(to_hex(oracle::encode(oracle::multiply(k, p))) == to_hex(product));
  }
}
