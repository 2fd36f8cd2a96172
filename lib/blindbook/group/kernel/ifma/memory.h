#pragma once

#include "blindbook/group/kernel/ifma/field.h"

/// Loads, stores, digits and table look-ups of the kernel `ifma`.
namespace blindbook::group::kernel::ifma {

// Some intrinsics stand here in their masked forms, under a full mask: of the plain ones g++ 12 warns that they
// use an uninitialised operand (GCC bug 105593).
inline constexpr __mmask8 kAllLanes = 0xff;

/// Offsets of `count` items; lanes beyond repeat the last.
BLINDBOOK_INLINE __m512i lane_offsets(std::size_t stride, std::size_t count) {
  const __m512i lanes = _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0);
  const __m512i last = _mm512_set1_epi64(static_cast<long long>(count) - 1);
  return _mm512_mullo_epi64(_mm512_maskz_min_epi64(kAllLanes, lanes, last),
                            _mm512_set1_epi64(static_cast<long long>(stride)));
}
/// `Scale` is the size in bytes of what offsets count.
template <int Scale>
BLINDBOOK_INLINE Words gather(const void* from, __m512i offsets) {
  return words(_mm512_mask_i64gather_epi64(_mm512_setzero_si512(), kAllLanes, offsets, from, Scale));
}
BLINDBOOK_INLINE __mmask8 first_lanes(std::size_t count) {
  return static_cast<__mmask8>((1U << count) - 1);
}

BLINDBOOK_INLINE Words load_words(const std::uint64_t* from, std::size_t stride, std::size_t count) {
  return gather<8>(from, lane_offsets(stride, count));
}
BLINDBOOK_INLINE void store_words(Words a, std::uint64_t* to, std::size_t stride, std::size_t count) {
  _mm512_mask_i64scatter_epi64(to, first_lanes(count), lane_offsets(stride, count), raw(a), 8);
}
/// Words of any alignment whose first byte is the least significant.
BLINDBOOK_INLINE Words load_byte_words(const std::uint8_t* from, std::size_t stride, std::size_t count) {
  return gather<1>(from, lane_offsets(stride, count));
}
BLINDBOOK_INLINE void store_byte_words(Words a, std::uint8_t* to, std::size_t stride, std::size_t count) {
  _mm512_mask_i64scatter_epi64(to, first_lanes(count), lane_offsets(stride, count), raw(a), 1);
}

/// A word for each lane, side by side.
BLINDBOOK_INLINE Words load_lanes(const std::uint64_t (&lanes)[kLanes]) {
  return words(_mm512_loadu_si512(lanes));
}
BLINDBOOK_INLINE void store_lanes(Words a, std::uint64_t (&lanes)[kLanes]) {
  _mm512_storeu_si512(lanes, raw(a));
}

/// The word that each lane's public index names.
BLINDBOOK_INLINE Words load_at(const std::uint64_t* from, Words index) {
  return gather<8>(from, raw(index));
}
BLINDBOOK_INLINE void store_at(Words a, std::uint64_t* to, Words index) {
  _mm512_i64scatter_epi64(to, raw(index), raw(a), 8);
}

/// A signed digit per lane.
struct Digit {
  Words magnitude;
  Mask negative;
};

/// Digits `stride` bytes apart; stride 0 gives every lane the same. The barrier hides that lanes are equal: the
/// optimiser must not choose among rows by an address.
BLINDBOOK_INLINE Digit load_digit(const std::int8_t* digits, std::size_t stride, std::size_t count) {
  long long lanes[kLanes];
  for (std::size_t i = 0; i < kLanes; ++i) {
    lanes[i] = digits[(i < count ? i : count - 1) * stride];  // NOLINT(bugprone-signed-char-misuse)
  }
  __m512i value = _mm512_loadu_si512(lanes);
  __asm__("" : "+v"(value));
  return {words(_mm512_maskz_abs_epi64(kAllLanes, value)), {_mm512_movepi64_mask(value)}};
}

/// out = table[magnitude - 1], and out as it was for magnitude 0. Reads every row in full, so that no address
/// tells which.
template <std::size_t Rows, class Row>
BLINDBOOK_INLINE void look_up(Row& out, const Row (&table)[Rows], const Digit& digit) {
  constexpr std::size_t kWords = sizeof out / sizeof(Words);
  Mask here[Rows];
  for (std::size_t row = 0; row < Rows; ++row) {
    here[row] = mask_if_zero(digit.magnitude ^ splat(row + 1));
  }
  auto* to = reinterpret_cast<Words*>(&out);
  for (std::size_t i = 0; i < kWords; ++i) {
    Words word = to[i];
    for (std::size_t row = 0; row < Rows; ++row) {
      word = blend(here[row], reinterpret_cast<const Words*>(&table[row])[i], word);
    }
    to[i] = word;
  }
}

/// Sixteen public rows of three field elements, the same for all lanes: one limb of all rows in two registers,
/// from which each lane takes its own by a permutation, without an address.
struct PublicRows {
  Words limb[3 * kLimbs][2];
};

/// From five limbs of radix 2^51 for each element.
inline void make_public_rows(PublicRows& out, const std::uint64_t (&limbs)[16][3][5]) {
  for (std::size_t row = 0; row < 16; ++row) {
    for (std::size_t i = 0; i < 3 * kLimbs; ++i) {
      out.limb[i][row / 8][row % 8] = limbs[row][i / 5][i % 5];
    }
  }
}

/// As look_up() above.
BLINDBOOK_INLINE void look_up(Triple& out, const PublicRows& rows, const Digit& digit) {
  const __m512i row = _mm512_sub_epi64(raw(digit.magnitude), _mm512_set1_epi64(1));
  const Mask none = mask_if_zero(digit.magnitude);
  for (std::size_t i = 0; i < 3 * kLimbs; ++i) {
    Words& limb = out.item[i / kLimbs].limb[i % kLimbs];
    const auto& halves = rows.limb[i];
    limb = blend(none, limb, words(_mm512_permutex2var_epi64(raw(halves[0]), row, raw(halves[1]))));
  }
}

}  // namespace blindbook::group::kernel::ifma
