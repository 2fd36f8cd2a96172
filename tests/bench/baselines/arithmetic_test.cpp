// The two arithmetics below the protocols over integers, against each other and against what holds of any.
#include <catch2/catch.hpp>
#include <openssl/bn.h>

#include "tests/bench/baselines/boost_arithmetic.h"
#include "tests/bench/baselines/classic_dh.h"
#include "tests/bench/baselines/hash_to_integer.h"
#include "tests/bench/baselines/openssl_arithmetic.h"
#include "tests/support/deterministic_random.h"

namespace blindbook::bench {
namespace {

using test_support::DeterministicRandom;

template <class Modulus, class Number>
Bytes written(const Modulus& modulus, const Number& number) {
  Bytes out(modulus.bytes());
  modulus.write(number, out);
  return out;
}

}  // namespace

TEST_CASE("both arithmetics compute the same") {
  const Bytes prime = dh_prime();
  const BoostArithmetic::Modulus boost(prime);
  const OpensslArithmetic::Modulus openssl(prime);
  DeterministicRandom random(1);
  for (const std::size_t exponent_bytes : {1U, 3U, 8U, 9U, 32U}) {
    const Bytes a = random.bytes(300);
    const Bytes b = random.bytes(256);
    const Bytes exponent = random.bytes(exponent_bytes);
    CHECK(written(boost, boost.reduce(a)) == written(openssl, openssl.reduce(a)));
    CHECK(written(boost, boost.multiply(boost.reduce(a), boost.reduce(b))) ==
          written(openssl, openssl.multiply(openssl.reduce(a), openssl.reduce(b))));
    CHECK(written(boost, boost.power(boost.reduce(a), BoostArithmetic::number(exponent))) ==
          written(openssl, openssl.power(openssl.reduce(a), OpensslArithmetic::number(exponent))));
    CHECK(written(boost, boost.inverse(boost.reduce(b))) ==
          written(openssl, openssl.inverse(openssl.reduce(b))));
    Bytes one(256);
    one.back() = 1;
    CHECK(written(boost, boost.multiply(boost.reduce(b), boost.inverse(boost.reduce(b)))) == one);
  }
}

TEST_CASE("small numbers are written with their zeros in front") {
  const Bytes prime = dh_prime();
  const Bytes seven{7};
  Bytes expected(256);
  expected.back() = 7;
  const BoostArithmetic::Modulus boost(prime);
  const OpensslArithmetic::Modulus openssl(prime);
  CHECK(written(boost, boost.reduce(seven)) == expected);
  CHECK(written(openssl, openssl.reduce(seven)) == expected);
}

TEST_CASE("both arithmetics sign the same, and the public exponent opens it") {
  for (const unsigned bits : {2048U, 3072U}) {
    const RsaKey key = generate_rsa_key(bits);
    REQUIRE(key.modulus.size() == bits / 8);
    const BoostArithmetic::Modulus boost(key.modulus);
    const OpensslArithmetic::Modulus openssl(key.modulus);
    const Bytes exponent{1, 0, 1};
    const auto hashed = hash_to_integer(boost, bytes_of("tel:+33639980000"), bytes_of("test"));
    const Bytes message = written(boost, hashed);
    CHECK(written(openssl, hash_to_integer(openssl, bytes_of("tel:+33639980000"), bytes_of("test"))) ==
          message);
    const auto signature = BoostArithmetic::PrivateKey(key).sign(hashed);
    CHECK(written(boost, boost.power(signature, BoostArithmetic::number(exponent))) == message);
    CHECK(written(openssl, OpensslArithmetic::PrivateKey(key).sign(openssl.reduce(message))) ==
          written(boost, signature));
  }
}

TEST_CASE("the prime of the Diffie-Hellman baseline is a safe one") {
  // RFC 3526 section 3: 2^2048 - 2^1984 - 1 + 2^64 * ( [2^1918 pi] + 124476 ), so it begins and ends in 64 ones.
  const Bytes bytes = dh_prime();
  CHECK(to_hex(ByteView(bytes).first(16)) == "ffffffffffffffffc90fdaa22168c234");
  CHECK(to_hex(ByteView(bytes).last(8)) == "ffffffffffffffff");
  OpensslArithmetic::Number prime = OpensslArithmetic::number(bytes);
  CHECK(BN_check_prime(prime.get(), nullptr, nullptr) == 1);
  REQUIRE(BN_rshift1(prime.get(), prime.get()) == 1);
  CHECK(BN_check_prime(prime.get(), nullptr, nullptr) == 1);
}

}  // namespace blindbook::bench
