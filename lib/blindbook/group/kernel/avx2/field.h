#pragma once

#include "blindbook/group/kernel/avx2/words.h"

#define BLINDBOOK_KERNEL avx2
#include "blindbook/group/kernel/common/bounded.inl"
#undef BLINDBOOK_KERNEL

/// Products modulo p by multiplications of 32-bit halves, radix 2^25.5.
///
/// Limb i stands at 2^ceil(25.5 i), so the product of two odd limbs stands one bit above its column and counts
/// twice. From column 10 on products count 19-fold, ten columns lower.
///
/// An operand's even limbs are below e = 13 * 2^24 and its odd ones below e / 2. A factor must be below 2^32:
/// 19 e < 2^31.95 is, which is where the 13 comes from. Column 0 is the largest, one product of even limbs and
/// four wrapped ones, five wrapped ones of odd limbs: (1 + 4 * 19 + 5 * 2 * 19 / 4) e^2 < 2^62.4.
namespace blindbook::group::kernel::avx2 {

/// Limb i's excess goes to limb i + 1.
BLINDBOOK_INLINE void carry_limb(Words (&column)[kLimbs], std::size_t i) {
  column[i + 1] = column[i + 1] + (column[i] >> limb_bits(i));
  column[i] = column[i] & splat(limb_mask(i));
}

/// Columns below 2^62.4, reduced by two chains that run side by side, from limb 0 and from limb 4. What a limb
/// hands on is below 2^37.4 at first. Where the chains meet, limb 4 hands on < 2^12 once more. The top column
/// has no wrapped product: it is < 10 e^2 / 2 + 2^36.4 < 2^57.8, hands on < 2^32.8, and 19 times that, < 2^37.1,
/// leaves limb 0 with < 2^11.2 for limb 1. So limbs end below 2^26 and 2^25, but for limbs 1 and 5, less than
/// 2^12 above.
BLINDBOOK_INLINE void carry_columns(Words (&column)[kLimbs], Words (&out)[kLimbs]) {
  carry_limb(column, 0);
  carry_limb(column, 4);
  carry_limb(column, 1);
  carry_limb(column, 5);
  carry_limb(column, 2);
  carry_limb(column, 6);
  carry_limb(column, 3);
  carry_limb(column, 7);
  carry_limb(column, 4);
  carry_limb(column, 8);
  const Words top = column[9] >> limb_bits(9);
  column[9] = column[9] & splat(limb_mask(9));
  column[0] = column[0] + top + (top << 1) + (top << 4);
  carry_limb(column, 0);
  for (std::size_t i = 0; i < kLimbs; ++i) {
    out[i] = column[i];
  }
}

/// Keeps g++ from starting the rows of a product all at once, for which there are not enough registers.
BLINDBOOK_INLINE void keep_in_registers(Words (&c)[kLimbs]) {
  __asm__(""
          : "+x"(c[0]), "+x"(c[1]), "+x"(c[2]), "+x"(c[3]), "+x"(c[4]), "+x"(c[5]), "+x"(c[6]), "+x"(c[7]),
            "+x"(c[8]), "+x"(c[9]));
}

/// a * b, row by row: ten columns stay in registers, b and 19 b are read from memory. Products are called: 300
/// instructions each, inlined they fill the caches for instructions and take a fifth longer.
BLINDBOOK_OUTLINE void multiply_limbs(Words (&out)[kLimbs], const Words (&a)[kLimbs],
                                      const Words (&b)[kLimbs]) {
  Words nineteen_b[kLimbs];
  for (std::size_t j = 1; j < kLimbs; ++j) {
    nineteen_b[j] = multiply_halves(b[j], splat(19));
  }
  Words column[kLimbs];
  for (std::size_t j = 0; j < kLimbs; ++j) {
    column[j] = multiply_halves(a[0], b[j]);
  }
  unrolled<kLimbs - 1>([&](auto row) BLINDBOOK_INLINE_LAMBDA {
    constexpr std::size_t i = row.value + 1;
    const Words once = a[i];
    const Words twice = once + once;
    unrolled<kLimbs>([&](auto other) BLINDBOOK_INLINE_LAMBDA {
      constexpr std::size_t j = other.value;
      const Words factor = i % 2 == 1 && j % 2 == 1 ? twice : once;
      constexpr std::size_t at = (i + j) % kLimbs;
      column[at] = column[at] + multiply_halves(factor, i + j < kLimbs ? b[j] : nineteen_b[j]);
    });
    keep_in_registers(column);
  });
  carry_columns(column, out);
}

/// a^2: of products of different limbs one stands for both. The other factor counts up to 2 * 2-fold, < 2^29.8,
/// the one that wraps 19-fold.
BLINDBOOK_OUTLINE void square_limbs(Words (&out)[kLimbs], const Words (&a)[kLimbs]) {
  Words nineteen_a[kLimbs];
  for (std::size_t j = 5; j < kLimbs; ++j) {
    nineteen_a[j] = multiply_halves(a[j], splat(19));
  }
  Words column[kLimbs];
  unrolled<kLimbs>([&](auto row) BLINDBOOK_INLINE_LAMBDA {
    constexpr std::size_t i = row.value;
    const Words once = a[i];
    const Words twice = once + once;
    const Words four_times = twice + twice;
    unrolled<kLimbs - i>([&](auto other) BLINDBOOK_INLINE_LAMBDA {
      constexpr std::size_t j = i + other.value;
      constexpr unsigned times = (i == j ? 1U : 2U) * (i % 2 == 1 && j % 2 == 1 ? 2U : 1U);
      const Words factor = times == 1 ? once : times == 2 ? twice : four_times;
      constexpr std::size_t at = (i + j) % kLimbs;
      const Words product = multiply_halves(factor, i + j < kLimbs ? a[j] : nineteen_a[j]);
      column[at] = i == 0 ? product : column[at] + product;  // row 0 has a product for each column
    });
    keep_in_registers(column);
  });
  carry_columns(column, out);
}

// Operands are read where they stand: widening them would copy ten registers to memory.
template <unsigned A, unsigned B>
BLINDBOOK_INLINE Product multiply(const Bounded<A>& a, const Bounded<B>& b) {
  Product out;
  multiply_limbs(out.limb, as_operand(a).limb, as_operand(b).limb);
  return out;
}
template <unsigned A>
BLINDBOOK_INLINE Product square(const Bounded<A>& a) {
  Product out;
  square_limbs(out.limb, as_operand(a).limb);
  return out;
}

}  // namespace blindbook::group::kernel::avx2
