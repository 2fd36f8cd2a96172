#pragma once

#include "blindbook/group/kernel/scalar51/words.h"

#define BLINDBOOK_KERNEL scalar51
#include "blindbook/group/kernel/common/bounded.inl"
#undef BLINDBOOK_KERNEL

/// Products modulo p in portable C++, radix 2^51, one element per value.
namespace blindbook::group::kernel::scalar51 {

__extension__ typedef unsigned __int128 Wide;

/// What a column of a product hands to the next: column / 2^51 < 2^64. g++ would take a double shift for it,
/// six micro-operations on AMD's processors, so it is shown two shifts that it cannot join; clang does better
/// on its own.
BLINDBOOK_INLINE std::uint64_t carry_of(Wide column) {
#if defined(__clang__)
  return static_cast<std::uint64_t>(column >> 51);
#else
  std::uint64_t low = static_cast<std::uint64_t>(column) >> 51;
  __asm__("" : "+r"(low));
  return (static_cast<std::uint64_t>(column >> 64) << 13) + low;
#endif
}

BLINDBOOK_INLINE std::uint64_t low_limb(Wide column) {
  return static_cast<std::uint64_t>(column) & limb_mask(0);
}

/// One carry through the columns of a product of Operands. Columns are < (1 + 4 * 19) * 2^108 < 2^114.3 before
/// the carry of the one below, which is < 2^63.3. The top column holds no multiple of 19: it is < 5 * 2^108 +
/// 2^63.3, its carry, worth 2^255 = 19, < 2^59.4, times 19 < 2^63.6. So v0 < 2^63.7 hands less than 2^12.7 to
/// v1.
BLINDBOOK_INLINE Product carry_columns(Wide c0, Wide c1, Wide c2, Wide c3, Wide c4) {
  c1 += carry_of(c0);
  c2 += carry_of(c1);
  c3 += carry_of(c2);
  c4 += carry_of(c3);
  const std::uint64_t v0 = low_limb(c0) + 19 * carry_of(c4);
  Product out;
  out.limb[0] = v0 & limb_mask(0);
  out.limb[1] = low_limb(c1) + (v0 >> 51);
  out.limb[2] = low_limb(c2);
  out.limb[3] = low_limb(c3);
  out.limb[4] = low_limb(c4);
  return out;
}

BLINDBOOK_INLINE Wide wide(std::uint64_t a, std::uint64_t b) {
  return static_cast<Wide>(a) * b;
}

/// a * b. Limbs i and j meet in column i + j; from column 5 on they count 19-fold, five columns lower. 19 *
/// 2^54 < 2^58.3.
BLINDBOOK_INLINE Product multiply_limbs(const Words (&a)[kLimbs], const Words (&b)[kLimbs]) {
  const auto& [a0, a1, a2, a3, a4] = a;
  const auto& [b0, b1, b2, b3, b4] = b;
  const std::uint64_t r1 = 19 * b1;
  const std::uint64_t r2 = 19 * b2;
  const std::uint64_t r3 = 19 * b3;
  const std::uint64_t r4 = 19 * b4;
  const Wide c0 = wide(a0, b0) + wide(a1, r4) + wide(a2, r3) + wide(a3, r2) + wide(a4, r1);
  const Wide c1 = wide(a0, b1) + wide(a1, b0) + wide(a2, r4) + wide(a3, r3) + wide(a4, r2);
  const Wide c2 = wide(a0, b2) + wide(a1, b1) + wide(a2, b0) + wide(a3, r4) + wide(a4, r3);
  const Wide c3 = wide(a0, b3) + wide(a1, b2) + wide(a2, b1) + wide(a3, b0) + wide(a4, r4);
  const Wide c4 = wide(a0, b4) + wide(a1, b3) + wide(a2, b2) + wide(a3, b1) + wide(a4, b0);
  return carry_columns(c0, c1, c2, c3, c4);
}

/// a^2. Columns as in multiply(); 2 * 19 * 2^54 < 2^59.3.
BLINDBOOK_INLINE Product square_limbs(const Words (&a)[kLimbs]) {
  const auto& [a0, a1, a2, a3, a4] = a;
  const std::uint64_t d0 = 2 * a0;
  const std::uint64_t d1 = 2 * a1;
  const std::uint64_t r3 = 19 * a3;
  const std::uint64_t r4 = 19 * a4;
  const std::uint64_t d4 = 2 * r4;
  const Wide c0 = wide(a0, a0) + wide(d4, a1) + wide(2 * a2, r3);
  const Wide c1 = wide(d0, a1) + wide(d4, a2) + wide(r3, a3);
  const Wide c2 = wide(d0, a2) + wide(a1, a1) + wide(d4, a3);
  const Wide c3 = wide(d0, a3) + wide(d1, a2) + wide(r4, a4);
  const Wide c4 = wide(d0, a4) + wide(d1, a3) + wide(a2, a2);
  return carry_columns(c0, c1, c2, c3, c4);
}

// Operands are read where they stand. Widened first, g++ copies them by pairs of limbs, and a pair that was stored as
// two single limbs a moment ago is a stall of a dozen cycles: a square root took half as long again.
template <unsigned A, unsigned B>
BLINDBOOK_INLINE Product multiply(const Bounded<A>& a, const Bounded<B>& b) {
  return multiply_limbs(as_operand(a).limb, as_operand(b).limb);
}
template <unsigned A>
BLINDBOOK_INLINE Product square(const Bounded<A>& a) {
  return square_limbs(as_operand(a).limb);
}

}  // namespace blindbook::group::kernel::scalar51
