#pragma once

#include "blindbook/group/kernel/avx2/field.h"

/// Loads, stores, digits and table look-ups of the kernel `avx2`.
namespace blindbook::group::kernel::avx2 {

/// The item of a lane; lanes beyond `count` repeat the last.
BLINDBOOK_INLINE std::size_t item_of(std::size_t lane, std::size_t count) {
  return lane < count ? lane : count - 1;
}

/// Any alignment; x86 is little-endian, in memory of its own as in bytes of others.
BLINDBOOK_INLINE Words load_byte_words(const std::uint8_t* from, std::size_t stride, std::size_t count) {
  long long lanes[kLanes];
  for (std::size_t i = 0; i < kLanes; ++i) {
    __builtin_memcpy(&lanes[i], from + item_of(i, count) * stride, sizeof lanes[i]);
  }
  return words(_mm256_set_epi64x(lanes[3], lanes[2], lanes[1], lanes[0]));
}
BLINDBOOK_INLINE void store_byte_words(Words a, std::uint8_t* to, std::size_t stride, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t word = a[i];
    __builtin_memcpy(to + i * stride, &word, sizeof word);
  }
}
BLINDBOOK_INLINE Words load_words(const std::uint64_t* from, std::size_t stride, std::size_t count) {
  return load_byte_words(reinterpret_cast<const std::uint8_t*>(from), stride * sizeof *from, count);
}
BLINDBOOK_INLINE void store_words(Words a, std::uint64_t* to, std::size_t stride, std::size_t count) {
  store_byte_words(a, reinterpret_cast<std::uint8_t*>(to), stride * sizeof *to, count);
}

/// A word for each lane, side by side.
BLINDBOOK_INLINE Words load_lanes(const std::uint64_t (&lanes)[kLanes]) {
  return words(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(lanes)));
}
BLINDBOOK_INLINE void store_lanes(Words a, std::uint64_t (&lanes)[kLanes]) {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(lanes), raw(a));
}

/// The word that each lane's public index names.
BLINDBOOK_INLINE Words load_at(const std::uint64_t* from, Words index) {
  return Words{from[index[0]], from[index[1]], from[index[2]], from[index[3]]};
}
BLINDBOOK_INLINE void store_at(Words a, std::uint64_t* to, Words index) {
  for (std::size_t i = 0; i < kLanes; ++i) {
    to[index[i]] = a[i];
  }
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
    lanes[i] = digits[item_of(i, count) * stride];  // NOLINT(bugprone-signed-char-misuse): the sign is meant
  }
  __m256i value = _mm256_set_epi64x(lanes[3], lanes[2], lanes[1], lanes[0]);
  __asm__("" : "+x"(value));
  const Words negative = words(_mm256_cmpgt_epi64(_mm256_setzero_si256(), value));
  return {(words(value) ^ negative) - negative, {negative}};
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
  const Mask none = mask_if_zero(digit.magnitude);
  auto* to = reinterpret_cast<Words*>(&out);
  for (std::size_t i = 0; i < kWords; ++i) {
    Words sum = to[i] & none.lanes;
    for (std::size_t row = 0; row < Rows; ++row) {
      sum = sum | (reinterpret_cast<const Words*>(&table[row])[i] & here[row].lanes);
    }
    to[i] = sum;
  }
}

/// Sixteen public rows of three field elements, the same for all lanes: one limb of all rows in two registers,
/// from which each lane takes its own by a permutation, without an address.
struct PublicRows {
  alignas(32) std::uint32_t limb[3 * kLimbs][16];
};

/// From five limbs of radix 2^51 for each element.
inline void make_public_rows(PublicRows& out, const std::uint64_t (&limbs)[16][3][5]) {
  for (std::size_t row = 0; row < 16; ++row) {
    for (std::size_t i = 0; i < 3 * kLimbs; i += 2) {
      const std::uint64_t limb = limbs[row][i / kLimbs][i % kLimbs / 2];
      out.limb[i][row] = static_cast<std::uint32_t>(limb & limb_mask(0));
      out.limb[i + 1][row] = static_cast<std::uint32_t>(limb >> limb_bits(0));
    }
  }
}

/// As look_up() above. A permutation of 32-bit words reads the low three bits of their indices; the fourth
/// chooses between its results.
BLINDBOOK_INLINE void look_up(Triple& out, const PublicRows& rows, const Digit& digit) {
  const Words row = digit.magnitude - splat(1);
  const __m256d upper = _mm256_castsi256_pd(raw(row << 60));
  const Mask none = mask_if_zero(digit.magnitude);
  for (std::size_t i = 0; i < 3 * kLimbs; ++i) {
    const auto* halves = reinterpret_cast<const __m256i*>(rows.limb[i]);
    const __m256i low = _mm256_permutevar8x32_epi32(_mm256_load_si256(halves), raw(row));
    const __m256i high = _mm256_permutevar8x32_epi32(_mm256_load_si256(halves + 1), raw(row));
    const __m256d chosen = _mm256_blendv_pd(_mm256_castsi256_pd(low), _mm256_castsi256_pd(high), upper);
    Words& limb = out.item[i / kLimbs].limb[i % kLimbs];
    limb = blend(none, limb, words(_mm256_castpd_si256(chosen)) & splat(0xffffffffU));
  }
}

}  // namespace blindbook::group::kernel::avx2
