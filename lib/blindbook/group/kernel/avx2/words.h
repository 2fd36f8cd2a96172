#pragma once

#include <cstddef>
#include <cstdint>

#include <immintrin.h>

#include "blindbook/group/kernel/common/inline.h"

/// Words and masks of the kernel `avx2`: four lanes in 256-bit registers. See scalar51/words.h for what is in
/// which file.
namespace blindbook::group::kernel::avx2 {

typedef std::uint64_t Words __attribute__((vector_size(32)));

BLINDBOOK_INLINE __m256i raw(Words a) {
  return reinterpret_cast<__m256i>(a);
}
BLINDBOOK_INLINE Words words(__m256i a) {
  return reinterpret_cast<Words>(a);
}

/// All ones or all zeros in each lane.
struct Mask {
  Words lanes;
};
BLINDBOOK_INLINE Mask operator&(Mask a, Mask b) {
  return {a.lanes & b.lanes};
}
BLINDBOOK_INLINE Mask operator|(Mask a, Mask b) {
  return {a.lanes | b.lanes};
}
BLINDBOOK_INLINE Mask operator~(Mask a) {
  return {~a.lanes};
}

inline constexpr std::size_t kLanes = 4;

/// Radix 2^25.5: limbs of 26 and 25 bits in turn, since AVX2 multiplies words of 32 bits. 13 quarters of a limb
/// are what a factor may have: field.h.
inline constexpr std::size_t kLimbs = 10;
constexpr unsigned limb_bits(std::size_t i) {
  return i % 2 == 0 ? 26 : 25;
}
inline constexpr unsigned kOperandQuarters = 13;
inline constexpr unsigned kProductQuarters = 5;
/// Whether chains of squarings are faster inlined: products are called anyway.
inline constexpr bool kInlineSquarings = false;
inline constexpr unsigned kLargestQuarters = 1U << 15;

BLINDBOOK_INLINE Words splat(std::uint64_t value) {
  return words(_mm256_set1_epi64x(static_cast<long long>(value)));
}
/// The product of the low halves.
BLINDBOOK_INLINE Words multiply_halves(Words a, Words b) {
  return words(_mm256_mul_epu32(raw(a), raw(b)));
}
/// a + 19 b for b < 2^32.
BLINDBOOK_INLINE Words add_19_times(Words a, Words b) {
  return a + multiply_halves(b, splat(19));
}
BLINDBOOK_INLINE void expect_below(Words, std::uint64_t) {}

// What SHA-512 takes: sums modulo 2^64, and functions of three bits.

BLINDBOOK_INLINE Words add_wrapping(Words a, Words b) {
  return a + b;
}
template <int Bits>
BLINDBOOK_INLINE Words rotate_right(Words a) {
  return (a >> Bits) | (a << (64 - Bits));
}
/// x ? y : z, bit by bit.
BLINDBOOK_INLINE Words choose(Words x, Words y, Words z) {
  return z ^ (x & (y ^ z));
}
BLINDBOOK_INLINE Words majority(Words x, Words y, Words z) {
  return (x & y) | (z & (x | y));
}

BLINDBOOK_INLINE Mask mask_of_bit(Words bit) {
  return {splat(0) - bit};
}
BLINDBOOK_INLINE Mask mask_if_zero(Words word) {
  return {words(_mm256_cmpeq_epi64(raw(word), _mm256_setzero_si256()))};
}
/// mask ? a : b.
BLINDBOOK_INLINE Words blend(Mask mask, Words a, Words b) {
  return words(_mm256_blendv_epi8(raw(b), raw(a), raw(mask.lanes)));
}
/// Bit i is set when lane i of the mask is. For public decisions only.
BLINDBOOK_INLINE std::uint64_t lane_bits(Mask mask) {
  return static_cast<std::uint64_t>(_mm256_movemask_pd(_mm256_castsi256_pd(raw(mask.lanes))));
}

}  // namespace blindbook::group::kernel::avx2
