#include <array>
#include <new>

#include <catch2/catch.hpp>
#include <sodium.h>

#include "blindbook/group/ristretto255.h"

#include "tests/support/deterministic_random.h"

using namespace blindbook;
using G = group::Ristretto255;
using ScalarBytes = std::array<std::uint8_t, 32>;

static_assert(!std::is_copy_constructible_v<G::Scalar> && !std::is_copy_assignable_v<G::Scalar>);
static_assert(!std::is_convertible_v<G::Scalar, G::Element>);

namespace {

ScalarBytes bytes_of_scalar(const G::Scalar& k) {
  ScalarBytes out{};
  G::encode_scalar(k, out);
  return out;
}

ScalarBytes order_plus(int offset) {
  auto hex = from_hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  ScalarBytes out{};
  std::copy(hex->begin(), hex->end(), out.begin());
  out[0] = static_cast<std::uint8_t>(out[0] + offset);
  return out;
}

}  // namespace

TEST_CASE("decode scalar accepts exactly what is below the order") {
  CHECK(G::decode_scalar(ScalarBytes{}));
  CHECK(G::decode_scalar(order_plus(-1)));
  CHECK_FALSE(G::decode_scalar(order_plus(0)));
  CHECK_FALSE(G::decode_scalar(order_plus(1)));
  ScalarBytes all_ones{};
  all_ones.fill(0xff);
  CHECK_FALSE(G::decode_scalar(all_ones));
}

TEST_CASE("encode scalar undoes decode scalar") {
  for (const ScalarBytes& bytes : {ScalarBytes{}, ScalarBytes{1}, order_plus(-1)}) {
    CHECK(bytes_of_scalar(*G::decode_scalar(bytes)) == bytes);
  }
}

TEST_CASE("scalar arithmetic agrees with libsodium") {
  REQUIRE(sodium_init() >= 0);
  test_support::DeterministicRandom random(1);
  for (int round = 0; round < 50; ++round) {
    std::array<std::uint8_t, 64> wide_a{};
    std::array<std::uint8_t, 64> wide_b{};
    random.fill(wide_a);
    random.fill(wide_b);
    const G::Scalar a = G::scalar_from_uniform(wide_a);
    const G::Scalar b = G::scalar_from_uniform(wide_b);
    ScalarBytes sodium_a{};
    ScalarBytes sodium_b{};
    ScalarBytes expected{};
    crypto_core_ristretto255_scalar_reduce(sodium_a.data(), wide_a.data());
    crypto_core_ristretto255_scalar_reduce(sodium_b.data(), wide_b.data());
    CHECK(bytes_of_scalar(a) == sodium_a);
    crypto_core_ristretto255_scalar_add(expected.data(), sodium_a.data(), sodium_b.data());
    CHECK(bytes_of_scalar(G::add(a, b)) == expected);
    crypto_core_ristretto255_scalar_sub(expected.data(), sodium_a.data(), sodium_b.data());
    CHECK(bytes_of_scalar(G::subtract(a, b)) == expected);
    crypto_core_ristretto255_scalar_mul(expected.data(), sodium_a.data(), sodium_b.data());
    CHECK(bytes_of_scalar(G::multiply(a, b)) == expected);
    crypto_core_ristretto255_scalar_negate(expected.data(), sodium_a.data());
    CHECK(bytes_of_scalar(G::negate(a)) == expected);
    CHECK(crypto_core_ristretto255_scalar_invert(expected.data(), sodium_a.data()) == 0);
    CHECK(bytes_of_scalar(G::invert(a)) == expected);
  }
}

TEST_CASE("zero is zero and only zero is") {
  CHECK(G::is_zero(G::Scalar()));
  CHECK(G::is_zero(G::scalar_from_integer(0)));
  CHECK(G::is_zero(G::negate(G::Scalar())));
  CHECK(G::is_zero(G::invert(G::Scalar())));
  CHECK_FALSE(G::is_zero(G::scalar_from_integer(1)));
  CHECK_FALSE(G::is_zero(*G::decode_scalar(order_plus(-1))));
  CHECK(G::equal(G::scalar_from_integer(3), G::scalar_from_integer(3)));
  CHECK_FALSE(G::equal(G::scalar_from_integer(3), G::scalar_from_integer(4)));
}

TEST_CASE("hash to scalar depends on message and tag") {
  const auto a = G::hash_to_scalar({bytes_of("message")}, bytes_of("tag"));
  CHECK(G::equal(a, G::hash_to_scalar({bytes_of("mess"), bytes_of("age")}, bytes_of("tag"))));
  CHECK_FALSE(G::equal(a, G::hash_to_scalar({bytes_of("message")}, bytes_of("gat"))));
}

TEST_CASE("a moved scalar leaves zero behind") {
  G::Scalar a = G::scalar_from_integer(77);
  const G::Scalar copy = a.duplicate();
  G::Scalar b = std::move(a);
  CHECK(G::is_zero(a));  // NOLINT(bugprone-use-after-move): the rule under test
  CHECK(G::equal(b, copy));
  G::Scalar c;
  c = std::move(b);
  CHECK(G::is_zero(b));  // NOLINT(bugprone-use-after-move)
  CHECK(G::equal(c, copy));
}

TEST_CASE("a scalar is wiped when it ends") {
  alignas(G::Scalar) std::array<unsigned char, sizeof(G::Scalar)> storage{};
  auto* scalar = new (storage.data()) G::Scalar(*G::decode_scalar(order_plus(-1)));
  CHECK(storage != decltype(storage){});
  scalar->~Scalar();
  CHECK(storage == decltype(storage){});
}
