// Products modulo p by multiply-adds of 52-bit halves (AVX-512 IFMA: the low or the high 52 bits of the product
// of two 52-bit factors, added to a 64-bit word), radix 2^51. Written over multiply_add_low/high of words.h.
// No #pragma once: included once per kernel.
namespace blindbook::group::kernel::BLINDBOOK_KERNEL {

static_assert(kLimbs == 5 && limb_bits(0) == 51);
// The multiply-add drops bits from 52 on without a word. So a factor must be below 2^52, which is why a sum of
// two reduced elements is carried before a product.
static_assert(kOperandQuarters * (std::uint64_t{1} << 49) <= std::uint64_t{1} << 52);

/// Column k of a product is low[k] + 2 high[k]: the low halves of limbs i + j = k, and the high halves of i + j
/// = k - 1, which stand for 2^52 = 2 * 2^51.
struct Columns {
  Words low[9];
  Words high[10];
};

/// Column k + 5 counts 19-fold in column k. Each half is < 2^52. low[k] has at most 5 terms, high[k] too, and
/// the columns from 5 on have (4, 5), (3, 4), (2, 3), (1, 2), (0, 1) of them: column 0 is the largest, < 2^52
/// * (1 + 19 * (4 + 2 * 5)) = 267 * 2^52 < 2^60.1, and columns 1 to 4 are < 2^52 * (2 + 2 + 19 * 11), (3 + 4 +
/// 19 * 8), (4 + 6 + 19 * 5), (5 + 8 + 19 * 2). 267 * 2^52 are 2136 quarters of a full limb.
static_assert(kProductQuarters == 2136);

BLINDBOOK_INLINE Words twice(Words a) {
  return a + a;
}

/// a * b, its columns not carried.
BLINDBOOK_INLINE Product multiply(const Operand& a, const Operand& b) {
  expect_bound(a);
  expect_bound(b);
  Columns c;
  for (Words& low : c.low) {
    low = splat(0);
  }
  for (Words& high : c.high) {
    high = splat(0);
  }
  // The high columns first: they have the longer way to go.
  for (std::size_t i = 5; i-- > 0;) {
    for (std::size_t j = 0; j < 5; ++j) {
      c.low[i + j] = multiply_add_low(c.low[i + j], a.limb[i], b.limb[j]);
      c.high[i + j + 1] = multiply_add_high(c.high[i + j + 1], a.limb[i], b.limb[j]);
    }
  }
  Product out;
  for (std::size_t k = 0; k < 5; ++k) {
    const Words here = k == 0 ? c.low[0] : c.low[k] + twice(c.high[k]);
    const Words wrapped = k == 4 ? twice(c.high[9]) : c.low[k + 5] + twice(c.high[k + 5]);
    out.limb[k] = here + times_19(wrapped);
  }
  return out;
}

/// a^2, its columns not carried: the same columns from 15 products, those of different limbs counted twice.
BLINDBOOK_INLINE Product square(const Operand& a) {
  expect_bound(a);
  const Words a0 = a.limb[0];
  const Words a1 = a.limb[1];
  const Words a2 = a.limb[2];
  const Words a3 = a.limb[3];
  const Words a4 = a.limb[4];
  const Words none = splat(0);

  // High halves of different limbs count 4-fold, 2 for the pair and 2 for 2^52: doubled here and once more
  // below.
  const Words h8 = twice(multiply_add_high(none, a3, a4));
  const Words h7 = twice(multiply_add_high(none, a2, a4));
  const Words h6 = twice(multiply_add_high(multiply_add_high(none, a1, a4), a2, a3));
  const Words h5 = twice(multiply_add_high(multiply_add_high(none, a0, a4), a1, a3));
  const Words h4 = twice(multiply_add_high(multiply_add_high(none, a0, a3), a1, a2));
  const Words h3 = twice(multiply_add_high(none, a0, a2));
  const Words h2 = twice(multiply_add_high(none, a0, a1));

  // Low halves of different limbs and high halves of squares count twice.
  const Words t9 = multiply_add_high(none, a4, a4);
  const Words t8 = h8;
  const Words t7 = multiply_add_high(multiply_add_low(h7, a3, a4), a3, a3);
  const Words t6 = multiply_add_low(h6, a2, a4);
  const Words t5 = multiply_add_high(multiply_add_low(multiply_add_low(h5, a1, a4), a2, a3), a2, a2);
  const Words t4 = multiply_add_low(multiply_add_low(h4, a0, a4), a1, a3);
  const Words t3 = multiply_add_high(multiply_add_low(multiply_add_low(h3, a0, a3), a1, a2), a1, a1);
  const Words t2 = multiply_add_low(h2, a0, a2);
  const Words t1 = multiply_add_high(multiply_add_low(none, a0, a1), a0, a0);

  // Low halves of squares count once.
  const Words c8 = multiply_add_low(twice(t8), a4, a4);
  const Words c6 = multiply_add_low(twice(t6), a3, a3);
  const Words c4 = multiply_add_low(twice(t4), a2, a2);
  const Words c2 = multiply_add_low(twice(t2), a1, a1);
  const Words c0 = multiply_add_low(none, a0, a0);

  Product out;
  out.limb[0] = c0 + times_19(twice(t5));
  out.limb[1] = twice(t1) + times_19(c6);
  out.limb[2] = c2 + times_19(twice(t7));
  out.limb[3] = twice(t3) + times_19(c8);
  out.limb[4] = c4 + times_19(twice(t9));
  return out;
}

}  // namespace blindbook::group::kernel::BLINDBOOK_KERNEL
