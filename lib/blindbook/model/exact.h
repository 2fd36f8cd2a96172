#pragma once

#include <cstdint>

#include <boost/multiprecision/cpp_int.hpp>

/// Exact arithmetic for figures that everybody may know. Boost.Multiprecision is neither constant-time nor
/// wiped, so no secret comes near it.
namespace blindbook::model {

using Integer = boost::multiprecision::cpp_int;
using Rational = boost::multiprecision::cpp_rational;

/// above / below, not in lowest terms: for probabilities whose terms have so many digits that looking for a
/// common factor would cost more than all the rest. `below` > 0.
struct Fraction {
  Integer above;
  Integer below;
};

/// 2^exponent.
[[nodiscard]] Integer power_of_two(unsigned exponent);

/// The double nearest to `value` from below, to 2^-52 of it, however long its terms are; 0 and infinity where
/// a double has nothing nearer. `value` >= 0.
/// @{
[[nodiscard]] double to_double(const Fraction& value);
[[nodiscard]] double to_double(const Rational& value);
/// @}

/// log2 of `value` to a few units of the last place, also where to_double() would be 0; minus infinity for 0.
/// `value` >= 0.
/// @{
[[nodiscard]] double log2_of(const Fraction& value);
[[nodiscard]] double log2_of(const Rational& value);
/// @}

}  // namespace blindbook::model
