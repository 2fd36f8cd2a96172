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

Scaled scaled(const Fraction& value) {
  constexpr long kKeptBits = 64;
  Integer above = value.above;
  Integer below = value.below;
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

double to_double(const Fraction& value) {
  if (value.above == 0) {
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

double to_double(const Rational& value) {
  return to_double(Fraction{numerator(value), denominator(value)});
}

double log2_of(const Fraction& value) {
  if (value.above == 0) {
    return -std::numeric_limits<double>::infinity();
  }
  const Scaled parts = scaled(value);
  return std::log2(parts.mantissa) + static_cast<double>(parts.exponent);
}

double log2_of(const Rational& value) {
  return log2_of(Fraction{numerator(value), denominator(value)});
}

}  // namespace blindbook::model
