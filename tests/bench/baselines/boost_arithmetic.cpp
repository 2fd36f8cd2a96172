#include "tests/bench/baselines/boost_arithmetic.h"

#include <algorithm>

#include <boost/integer/mod_inverse.hpp>

#include "tests/bench/baselines/arithmetic.h"

namespace blindbook::bench {

static_assert(Arithmetic<BoostArithmetic>);

namespace mp = boost::multiprecision;

BoostArithmetic::Number BoostArithmetic::number(ByteView bytes) {
  Number out;
  mp::import_bits(out, bytes.begin(), bytes.end(), 8);
  return out;
}

BoostArithmetic::Modulus::Modulus(ByteView modulus) : modulus_(number(modulus)), bytes_(modulus.size()) {}

void BoostArithmetic::Modulus::write(const Number& value, MutableBytes out) const {
  Bytes digits;
  mp::export_bits(value, std::back_inserter(digits), 8);
  std::fill(out.begin(), out.end(), std::uint8_t{0});
  std::copy(digits.begin(), digits.end(), out.end() - std::ssize(digits));
}

BoostArithmetic::Number BoostArithmetic::Modulus::power(const Number& base, const Number& exponent) const {
  return mp::powm(base, exponent, modulus_);
}

BoostArithmetic::Number BoostArithmetic::Modulus::inverse(const Number& a) const {
  return boost::integer::mod_inverse(a, modulus_);
}

BoostArithmetic::PrivateKey::PrivateKey(const RsaKey& key)
    : p_(number(key.prime1)),
      q_(number(key.prime2)),
      exponent_p_(number(key.exponent1)),
      exponent_q_(number(key.exponent2)),
      coefficient_(number(key.coefficient)) {}

BoostArithmetic::Number BoostArithmetic::PrivateKey::sign(const Number& value) const {
  const Number at_p = mp::powm(Number(value % p_), exponent_p_, p_);
  const Number at_q = mp::powm(Number(value % q_), exponent_q_, q_);
  Number difference = (at_p - at_q) % p_;
  if (difference < 0) {
    difference += p_;
  }
  return at_q + q_ * (difference * coefficient_ % p_);
}

}  // namespace blindbook::bench
