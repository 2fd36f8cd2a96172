#pragma once

#include <bit>
#include <cstring>

#include "blindbook/group/kernel/scalar51/field.h"

/// Loads, stores, digits and table look-ups of the one-lane kernel. With one lane, strides and counts say
/// nothing.
namespace blindbook::group::kernel::scalar51 {

BLINDBOOK_INLINE Words load_words(const std::uint64_t* words, std::size_t, std::size_t) {
  return *words;
}
BLINDBOOK_INLINE void store_words(Words a, std::uint64_t* words, std::size_t, std::size_t) {
  *words = a;
}
/// Words of any alignment whose first byte is the least significant.
BLINDBOOK_INLINE Words load_byte_words(const std::uint8_t* bytes, std::size_t, std::size_t) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return std::endian::native == std::endian::little ? word : __builtin_bswap64(word);
}
BLINDBOOK_INLINE void store_byte_words(Words word, std::uint8_t* bytes, std::size_t, std::size_t) {
  word = std::endian::native == std::endian::little ? word : __builtin_bswap64(word);
  std::memcpy(bytes, &word, sizeof word);
}

/// A word for each lane, side by side.
BLINDBOOK_INLINE Words load_lanes(const std::uint64_t (&lanes)[kLanes]) {
  return lanes[0];
}

/// The word that each lane's public index names.
BLINDBOOK_INLINE Words load_at(const std::uint64_t* words, Words index) {
  return words[index];
}
BLINDBOOK_INLINE void store_at(Words a, std::uint64_t* words, Words index) {
  words[index] = a;
}

/// A signed digit per lane.
struct Digit {
  Words magnitude;
  Mask negative;
};

/// Digits `stride` bytes apart; stride 0 gives every lane the same.
BLINDBOOK_INLINE Digit load_digit(const std::int8_t* digits, std::size_t, std::size_t) {
  const std::int64_t value = *digits;  // NOLINT(bugprone-signed-char-misuse): the sign is meant
  const Mask negative = mask_of_bit(static_cast<std::uint64_t>(value) >> 63);
  return {(static_cast<std::uint64_t>(value) ^ negative) - negative, negative};
}

/// Two words side by side: SSE2, NEON, or whatever the compiler makes of it.
typedef std::uint64_t Pair __attribute__((vector_size(16)));

/// out = table[magnitude - 1], and out as it was for magnitude 0. Reads every row in full, so that no address
/// tells which.
template <std::size_t Rows, class Row>
BLINDBOOK_INLINE void look_up(Row& out, const Row (&table)[Rows], const Digit& digit) {
  constexpr std::size_t kBytes = sizeof(Row);
  constexpr std::size_t kPairs = kBytes / sizeof(Pair);
  constexpr std::size_t kRest = kBytes - kPairs * sizeof(Pair);
  static_assert(kRest == 0 || kRest == sizeof(std::uint64_t));
  Pair sum[kPairs + 1] = {};
  std::memcpy(sum, &out, sizeof out);
  const Mask none = mask_if_zero(digit.magnitude);
  for (Pair& pair : sum) {
    pair &= Pair{none, none};
  }
  for (std::size_t row = 0; row < Rows; ++row) {
    const Mask mask = mask_if_zero(digit.magnitude ^ (row + 1));
    const auto* bytes = reinterpret_cast<const unsigned char*>(&table[row]);
    for (std::size_t i = 0; i < kPairs; ++i) {
      Pair pair;
      std::memcpy(&pair, bytes + i * sizeof pair, sizeof pair);
      sum[i] |= pair & Pair{mask, mask};
    }
    if constexpr (kRest != 0) {
      std::uint64_t last = 0;
      std::memcpy(&last, bytes + kPairs * sizeof(Pair), sizeof last);
      sum[kPairs] |= Pair{last & mask, 0};
    }
  }
  std::memcpy(&out, sum, sizeof out);
}

/// Sixteen public rows of three field elements, the same for all lanes.
struct PublicRows {
  Triple row[16];
};

/// From five limbs of radix 2^51 for each element.
inline void make_public_rows(PublicRows& out, const std::uint64_t (&limbs)[16][3][5]) {
  static_assert(sizeof out == sizeof limbs);
  std::memcpy(&out, limbs, sizeof out);
}
BLINDBOOK_INLINE void look_up(Triple& out, const PublicRows& rows, const Digit& digit) {
  look_up(out, rows.row, digit);
}

}  // namespace blindbook::group::kernel::scalar51
