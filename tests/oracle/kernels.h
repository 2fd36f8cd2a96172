#pragma once

#include <array>
#include <vector>

#include "blindbook/base/bytes.h"
#include "blindbook/cpu/kernel_choice.h"
#include "blindbook/group/kernel/kernel.h"
#include "blindbook/group/recode.h"

#include "tests/oracle/ristretto_oracle.h"
#include "tests/support/deterministic_random.h"

/// What the tests of all kernels share.
namespace blindbook::oracle {

using group::kernel::ExtendedPoint;
using group::kernel::Kernel;
using Encoding = std::array<std::uint8_t, 32>;

#ifdef BLINDBOOK_SANITIZED
inline constexpr bool kWatchesBounds = false;
#else
inline constexpr bool kWatchesBounds = true;
#endif

/// Every kernel of this build that this machine can run, among them `checked`, which watches bounds. Sanitizers watch
/// the same text in the others, and would take ten times as long for it.
inline std::vector<const Kernel*> runnable_kernels() {
  std::vector<const Kernel*> kernels;
  for (const auto& description : cpu::kernels()) {
    if (description.runs_on(cpu::detect_features()) && (kWatchesBounds || description.name != "checked")) {
      kernels.push_back(group::kernel::find(description.name));
    }
  }
  return kernels;
}

/// The bytes of all items side by side; null for none.
template <std::size_t N>
std::uint8_t* flat(std::vector<std::array<std::uint8_t, N>>& items) {
  return items.empty() ? nullptr : items.front().data();
}

inline Integer from_limbs(const std::uint64_t (&limbs)[5]) {
  Integer value = 0;
  for (std::size_t i = 5; i-- > 0;) {
    value = (value << 51) + limbs[i];
  }
  return value;
}

inline void to_limbs(Integer value, std::uint64_t (&limbs)[5]) {
  for (std::uint64_t& limb : limbs) {
    limb = static_cast<std::uint64_t>(value & ((Integer(1) << 51) - 1));
    value >>= 51;
  }
}

inline Point from_extended(const ExtendedPoint& p) {
  return {from_limbs(p.x), from_limbs(p.y), from_limbs(p.z)};
}

/// Z = 1 would hide mistakes, so the coordinates are scaled by `z`.
inline ExtendedPoint to_extended(const Point& p, const Integer& z = 1) {
  const Integer& prime = field_prime();
  const Integer z_inverse = boost::multiprecision::powm(p.z, prime - 2, prime);
  const Integer x = modulo(p.x * z_inverse, prime);
  const Integer y = modulo(p.y * z_inverse, prime);
  ExtendedPoint out{};
  to_limbs(modulo(x * z, prime), out.x);
  to_limbs(modulo(y * z, prime), out.y);
  to_limbs(modulo(z, prime), out.z);
  to_limbs(modulo(x * y * z, prime), out.t);
  return out;
}

/// Whether XY = ZT and the point is on the curve, with limbs as extended_point.h promises.
inline bool is_well_formed(const ExtendedPoint& p) {
  constexpr std::uint64_t kLimit = (std::uint64_t{1} << 51) + (std::uint64_t{1} << 45);
  for (const auto* limbs : {&p.x, &p.y, &p.z, &p.t}) {
    for (const std::uint64_t limb : *limbs) {
      if (limb >= kLimit) {
        return false;
      }
    }
  }
  return is_on_curve(from_extended(p)) &&
         modulo(from_limbs(p.x) * from_limbs(p.y) - from_limbs(p.z) * from_limbs(p.t), field_prime()) == 0;
}

inline group::ScalarWords to_words(Integer k) {
  group::ScalarWords words{};
  for (std::uint64_t& word : words) {
    word = static_cast<std::uint64_t>(k & ~std::uint64_t{0});
    k >>= 64;
  }
  return words;
}

inline Integer random_integer(RandomSource& random, const Integer& bound) {
  std::array<std::uint8_t, 64> bytes{};
  random.fill(bytes);
  return modulo(from_little_endian(bytes), bound);
}

inline Point random_point(RandomSource& random) {
  std::array<std::uint8_t, 64> uniform{};
  random.fill(uniform);
  return from_uniform(uniform);
}

inline Encoding encoding_of(const Point& p) {
  const Bytes bytes = encode(p);
  Encoding out{};
  std::copy(bytes.begin(), bytes.end(), out.begin());
  return out;
}

/// The points whose order divides 4 form the coset of the identity with these and the points of order 8.
inline std::vector<Point> identity_coset() {
  const Integer i = boost::multiprecision::powm(Integer(2), (field_prime() - 1) / 4, field_prime());
  return {{0, 1, 1}, {0, field_prime() - 1, 1}, {i, 0, 1}, {field_prime() - i, 0, 1}};
}

/// Scalars where recoding and windows have their edges.
inline std::vector<Integer> edge_scalars() {
  const Integer& l = group_order();
  std::vector<Integer> scalars = {0,
                                  1,
                                  2,
                                  3,
                                  7,
                                  8,
                                  9,
                                  15,
                                  16,
                                  17,
                                  l - 1,
                                  l - 2,
                                  l - 8,
                                  l - 16,
                                  (l - 1) / 2,
                                  (l + 1) / 2,
                                  (l - 1) / 2 - 1,
                                  (l + 1) / 2 + 1};
  for (const unsigned bit : {5U, 64U, 128U, 247U, 248U, 250U, 251U, 252U}) {
    scalars.push_back(Integer(1) << bit);
    scalars.push_back((Integer(1) << bit) - 1);
  }
  Integer sevens = 0;  // all digits 7, all digits 8, all digits 15
  for (int digit = 0; digit < 62; ++digit) {
    sevens = (sevens << 4) + 7;
  }
  scalars.push_back(sevens);
  scalars.push_back(sevens / 7 * 8);
  scalars.push_back(sevens / 7 * 15);
  return scalars;
}

}  // namespace blindbook::oracle
