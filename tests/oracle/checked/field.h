#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <stdexcept>

#include "blindbook/group/kernel/scalar51/field.h"

/// The field of scalar51 with its bounds checked: each value carries the largest limbs that its history
/// allows, whatever its limbs happen to be, and every operation holds the bounds of its operands against its
/// contract. So one run through the common text proves the bounds of that text for all inputs, which no
/// choice of points can. For tests; not part of the library. Slow, not constant time. Throws std::logic_error
/// on a broken bound.
namespace blindbook::group::kernel::checked {

using Mask = scalar51::Mask;
inline constexpr std::size_t kLanes = 1;

inline constexpr std::uint64_t kCanonicalMax = (std::uint64_t{1} << 51) - 1;
inline constexpr std::uint64_t kReducedMax = kCanonicalMax + (std::uint64_t{1} << 13);
inline constexpr std::uint64_t kLooseMax = (std::uint64_t{1} << 54) - 1;

inline void require(bool holds, const char* contract) {
  if (!holds) {
    throw std::logic_error(contract);
  }
}

struct Field {
  scalar51::Field value;
  std::uint64_t low;   // largest v0
  std::uint64_t high;  // largest of v1 .. v4
};

/// A value with its claimed bounds, which its limbs must keep.
inline Field bounded(const scalar51::Field& value, std::uint64_t low, std::uint64_t high) {
  require(value.v0 <= low && std::max({value.v1, value.v2, value.v3, value.v4}) <= high,
          "limbs above their bound");
  return {value, low, high};
}
inline Field bounded(const scalar51::Field& value, std::uint64_t both) {
  return bounded(value, both, both);
}

inline void require_loose(const Field& a) {
  require(a.low <= kLooseMax && a.high <= kLooseMax, "operand is not loose");
}

using scalar51::lane_bits;

/// A constant is its own bound.
inline void broadcast(Field& out, const std::uint64_t (&limbs)[5]) {
  scalar51::Field value;
  scalar51::broadcast(value, limbs);
  out = bounded(value, limbs[0], *std::max_element(limbs + 1, limbs + 5));
}

inline void load(Field& out, const std::uint64_t* limbs, std::size_t stride, std::size_t count) {
  scalar51::Field value;
  scalar51::load(value, limbs, stride, count);
  out = bounded(value, kReducedMax);
}
inline void store(const Field& a, std::uint64_t* limbs, std::size_t stride, std::size_t count) {
  require(a.low <= kReducedMax && a.high <= kReducedMax, "stored value is not reduced");
  scalar51::store(a.value, limbs, stride, count);
}

inline Field add(const Field& a, const Field& b) {
  return bounded(scalar51::add(a.value, b.value), a.low + b.low, a.high + b.high);
}

template <unsigned Multiple = 2>
inline Field subtract(const Field& a, const Field& b) {
  constexpr std::uint64_t kLow = Multiple * ((std::uint64_t{1} << 51) - 19);
  constexpr std::uint64_t kHigh = Multiple * ((std::uint64_t{1} << 51) - 1);
  require(b.low <= kLow && b.high <= kHigh, "subtrahend above the multiple of p");
  return bounded(scalar51::subtract<Multiple>(a.value, b.value), a.low + kLow, a.high + kHigh);
}

inline Field negate(const Field& a) {
  return subtract<2>(Field{{0, 0, 0, 0, 0}, 0, 0}, a);
}

inline Field select(Mask mask, const Field& a, const Field& b) {
  return bounded(scalar51::select(mask, a.value, b.value), std::max(a.low, b.low), std::max(a.high, b.high));
}

inline Field multiply(const Field& a, const Field& b) {
  require_loose(a);
  require_loose(b);
  return bounded(scalar51::multiply(a.value, b.value), kReducedMax);
}
inline Field square(const Field& a) {
  require_loose(a);
  return bounded(scalar51::square(a.value), kReducedMax);
}
inline Field carry(const Field& a) {
  require_loose(a);
  return bounded(scalar51::carry(a.value), kReducedMax);
}
inline Field canonical(const Field& a) {
  require_loose(a);
  return bounded(scalar51::canonical(a.value), kCanonicalMax);
}
inline Mask is_negative(const Field& a) {
  require_loose(a);
  return scalar51::is_negative(a.value);
}
inline Mask is_zero(const Field& a) {
  require_loose(a);
  return scalar51::is_zero(a.value);
}

}  // namespace blindbook::group::kernel::checked
