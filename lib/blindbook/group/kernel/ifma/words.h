#pragma once

#include <cstddef>
#include <cstdint>

#include <immintrin.h>

#include "blindbook/group/kernel/common/inline.h"

/// Words and masks of the kernel `ifma`: eight lanes in the 512-bit registers of AVX-512 (F, DQ, VL, IFMA). See
/// scalar51/words.h for what is in which file.
namespace blindbook::group::kernel::ifma {

typedef std::uint64_t Words __attribute__((vector_size(64)));

/// A bit per lane.
struct Mask {
  __mmask8 bits;
};
BLINDBOOK_INLINE Mask operator&(Mask a, Mask b) {
  return {static_cast<__mmask8>(a.bits & b.bits)};
}
BLINDBOOK_INLINE Mask operator|(Mask a, Mask b) {
  return {static_cast<__mmask8>(a.bits | b.bits)};
}
BLINDBOOK_INLINE Mask operator~(Mask a) {
  return {static_cast<__mmask8>(~a.bits)};
}

inline constexpr std::size_t kLanes = 8;

/// Radix 2^51 in words of 64 bits; factors below 2^52: common/field52.inl.
inline constexpr std::size_t kLimbs = 5;
constexpr unsigned limb_bits(std::size_t) {
  return 51;
}
inline constexpr unsigned kOperandQuarters = 8;
inline constexpr unsigned kProductQuarters = 2136;
/// Whether chains of squarings are faster inlined: two chains fit the registers.
inline constexpr bool kInlineSquarings = true;
inline constexpr unsigned kLargestQuarters = 1U << 15;

BLINDBOOK_INLINE __m512i raw(Words a) {
  return reinterpret_cast<__m512i>(a);
}
BLINDBOOK_INLINE Words words(__m512i a) {
  return reinterpret_cast<Words>(a);
}

BLINDBOOK_INLINE Words splat(std::uint64_t value) {
  return words(_mm512_set1_epi64(static_cast<long long>(value)));
}
/// sum + the low 52 bits of a * b; a, b < 2^52.
BLINDBOOK_INLINE Words multiply_add_low(Words sum, Words a, Words b) {
  return words(_mm512_madd52lo_epu64(raw(sum), raw(a), raw(b)));
}
/// sum + a * b / 2^52; a, b < 2^52.
BLINDBOOK_INLINE Words multiply_add_high(Words sum, Words a, Words b) {
  return words(_mm512_madd52hi_epu64(raw(sum), raw(a), raw(b)));
}
/// The optimiser must not see the constant: g++ makes three shifts and additions of the multiplication, which
/// then wait for the ports that carries need.
BLINDBOOK_INLINE Words times_19(Words a) {
  Words nineteen = splat(19);
  __asm__("" : "+v"(nineteen));
  return words(_mm512_mullo_epi64(raw(a), raw(nineteen)));
}
/// a + 19 b for b < 2^47.
BLINDBOOK_INLINE Words add_19_times(Words a, Words b) {
  return multiply_add_low(a, b, splat(19));
}
BLINDBOOK_INLINE void expect_below(Words, std::uint64_t) {}

// What SHA-512 takes: sums modulo 2^64, and functions of three bits, of which AVX-512 has all in one instruction
// that names the truth table.

BLINDBOOK_INLINE Words add_wrapping(Words a, Words b) {
  return a + b;
}
template <int Bits>
BLINDBOOK_INLINE Words rotate_right(Words a) {
  return words(_mm512_maskz_ror_epi64(0xff, raw(a), Bits));
}
/// x ? y : z, bit by bit.
BLINDBOOK_INLINE Words choose(Words x, Words y, Words z) {
  return words(_mm512_ternarylogic_epi64(raw(x), raw(y), raw(z), 0xca));
}
BLINDBOOK_INLINE Words majority(Words x, Words y, Words z) {
  return words(_mm512_ternarylogic_epi64(raw(x), raw(y), raw(z), 0xe8));
}

BLINDBOOK_INLINE Mask mask_of_bit(Words bit) {
  return {_mm512_test_epi64_mask(raw(bit), raw(bit))};
}
BLINDBOOK_INLINE Mask mask_if_zero(Words word) {
  return {_mm512_testn_epi64_mask(raw(word), raw(word))};
}
/// mask ? a : b.
BLINDBOOK_INLINE Words blend(Mask mask, Words a, Words b) {
  return words(_mm512_mask_blend_epi64(mask.bits, raw(b), raw(a)));
}
/// Bit i is set when lane i of the mask is. For public decisions only.
BLINDBOOK_INLINE std::uint64_t lane_bits(Mask mask) {
  return mask.bits;
}

}  // namespace blindbook::group::kernel::ifma
