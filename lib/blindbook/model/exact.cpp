#include "blindbook/model/exact.h"

#include <cmath>
#include <limits>

namespace blindbook::model {
namespace {

/// value = mantissa * 2^exponent with 2^63 <= mantissa < 2^65, cut off, not rounded.
struct Scaled {
  double mantissa;
  long exponent;
};

Scaled scaled(const Rational& value) {
  constexpr long kKeptBits = 64;
  Integer above = numerator(value);
  Integer below = denominator(value);
  const long shift = kKeptBits - static_cast<long>(msb(above)) + static_cast<long>(msb(below));
  if (shift > 0) {
    above <<= static_cast<unsigned>(shift);
  } else {
    below <<= static_cast<unsigned>(-shift);
  }
  const Integer quotient = above / below;
  // A double holds 53 bits: the rest is cut off here, so that the conversion is exact.
  const auto surplus = msb(quotient) - 52;
  const Integer kept = quotient >> static_cast<unsigned>(surplus);
  return {static_cast<double>(static_cast<std::uint64_t>(kept)), static_cast<long>(surplus) - shift};
}

}  // namespace

Integer power_of_two(unsigned exponent) {
  return Integer(1) << exponent;
}

Rational power(const Rational& base, std::uint64_t exponent) {
  // Terms without a common factor have powers without one, so nothing needs to be reduced on the way.
  Integer above = 1;
  Integer below = 1;
  Integer above_square = numerator(base);
  Integer below_square = denominator(base);
  for (; exponent != 0; exponent >>= 1U) {
    if ((exponent & 1U) != 0) {
      above *= above_square;
      below *= below_square;
    }
    if (exponent > 1) {
      above_square *= above_square;
      below_square *= below_square;
    }
  }
  return {above, below};
}

double to_double(const Rational& value) {
  if (value == 0) {
    return 0;
  }
  const Scaled parts = scaled(value);
  if (parts.exponent > std::numeric_limits<int>::max() / 2) {
    return std::numeric_limits<double>::infinity();
  }
  if (parts.exponent < std::numeric_limits<int>::min() / 2) {
    return 0;
  }
  return std::ldexp(parts.mantissa, static_cast<int>(parts.exponent));
}

double log2_of(const Rational& value) {
  if (value == 0) {
    return -std::numeric_limits<double>::infinity();
  }
  const Scaled parts = scaled(value);
  return std::log2(parts.mantissa) + static_cast<double>(parts.exponent);
}

}  // namespace blindbook::model
