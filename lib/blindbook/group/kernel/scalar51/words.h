#pragma once

#include <cstddef>
#include <cstdint>

#include "blindbook/group/kernel/common/inline.h"

/// Words and masks of the one-lane kernel: plain 64-bit integers.
///
/// This folder holds operations defined in terms of machine operations; everything defined in terms of other
/// field operations is in kernel/common. Another kernel is a folder with the same file names and the same
/// functions on more lanes; `stride` and `count` of memory.h say which of an array's items the lanes hold.
namespace blindbook::group::kernel::scalar51 {

/// One word per lane.
using Words = std::uint64_t;
/// All ones or all zeros, one word per lane.
using Mask = std::uint64_t;

inline constexpr std::size_t kLanes = 1;

/// An element is v0 + 2^51 v1 + .. + 2^204 v4.
inline constexpr std::size_t kLimbs = 5;
constexpr unsigned limb_bits(std::size_t) {
  return 51;
}
/// Limbs below 2^54 for products, which they leave reduced; 2^15 * 2^49 fills a word.
inline constexpr unsigned kOperandQuarters = 32;
inline constexpr unsigned kProductQuarters = 5;
/// Whether chains of squarings are faster inlined: called, two chains overlap better.
inline constexpr bool kInlineSquarings = false;
inline constexpr unsigned kLargestQuarters = 1U << 15;

BLINDBOOK_INLINE Words splat(std::uint64_t value) {
  return value;
}
BLINDBOOK_INLINE Words add_19_times(Words a, Words b) {
  return a + 19 * b;
}
BLINDBOOK_INLINE void expect_below(Words, std::uint64_t) {}

/// The mask of a bit. The optimiser must not learn that it has two values only, or it makes a branch of it.
BLINDBOOK_INLINE Mask mask_of_bit(Words bit) {
  Mask mask = std::uint64_t{0} - bit;
  __asm__("" : "+r"(mask));
  return mask;
}
BLINDBOOK_INLINE Mask mask_if_zero(Words word) {
  return mask_of_bit(1 ^ ((word | (0 - word)) >> 63));
}
/// mask ? a : b.
BLINDBOOK_INLINE Words blend(Mask mask, Words a, Words b) {
  return b ^ (mask & (a ^ b));
}
/// Bit i is set when lane i of the mask is. For public decisions only.
BLINDBOOK_INLINE std::uint64_t lane_bits(Mask mask) {
  return mask & 1;
}

}  // namespace blindbook::group::kernel::scalar51
