#pragma once

#include <bit>

#include "blindbook/group/kernel/scalar51/field.h"

/// Bytes, digits and table look-ups of the one-lane kernel.
namespace blindbook::group::kernel::scalar51 {

BLINDBOOK_INLINE std::uint64_t load_word(const std::uint8_t* bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return std::endian::native == std::endian::little ? word : __builtin_bswap64(word);
}
BLINDBOOK_INLINE void store_word(std::uint64_t word, std::uint8_t* bytes) {
  word = std::endian::native == std::endian::little ? word : __builtin_bswap64(word);
  std::memcpy(bytes, &word, sizeof word);
}

/// 32 little-endian bytes, items `stride` bytes apart; bit 255 is ignored. Limbs < 2^51.
BLINDBOOK_INLINE void load_bytes(Field& out, const std::uint8_t* bytes, std::size_t, std::size_t) {
  const std::uint64_t w0 = load_word(bytes);
  const std::uint64_t w1 = load_word(bytes + 8);
  const std::uint64_t w2 = load_word(bytes + 16);
  const std::uint64_t w3 = load_word(bytes + 24);
  out = {w0 & kLimbMask, (w0 >> 51 | w1 << 13) & kLimbMask, (w1 >> 38 | w2 << 26) & kLimbMask,
         (w2 >> 25 | w3 << 39) & kLimbMask, (w3 >> 12) & kLimbMask};
}

/// The canonical 32 bytes of a loose a.
BLINDBOOK_INLINE void store_bytes(const Field& a, std::uint8_t* bytes, std::size_t, std::size_t) {
  const Field c = canonical(a);
  store_word(c.v0 | c.v1 << 51, bytes);
  store_word(c.v1 >> 13 | c.v2 << 38, bytes + 8);
  store_word(c.v2 >> 26 | c.v3 << 25, bytes + 16);
  store_word(c.v3 >> 39 | c.v4 << 12, bytes + 24);
}

/// Whether the 32 bytes are the canonical encoding of a field element: below p, so bit 255 is clear.
BLINDBOOK_INLINE Mask are_canonical(const std::uint8_t* bytes, std::size_t, std::size_t) {
  Field value;
  load_bytes(value, bytes, 32, 1);
  std::uint8_t again[32];
  store_bytes(value, again, 32, 1);
  std::uint64_t difference = 0;
  for (std::size_t i = 0; i < 32; i += 8) {
    difference |= load_word(again + i) ^ load_word(bytes + i);
  }
  return mask_if_zero(difference);
}

/// A signed digit per lane.
struct Digit {
  std::uint64_t magnitude;
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

/// out = table[magnitude - 1], all zero for magnitude 0; reads every row in full, so that no address tells
/// which. Fields is the number of field elements in a row.
template <std::size_t Rows, std::size_t Fields>
BLINDBOOK_INLINE void look_up(Field (&out)[Fields], const Field (*table)[Fields], const Digit& digit) {
  constexpr std::size_t kWords = Fields * 5;
  constexpr std::size_t kPairs = (kWords + 1) / 2;
  static_assert(sizeof(Field) == 5 * sizeof(std::uint64_t));
  Pair sum[kPairs] = {};
  for (std::size_t row = 0; row < Rows; ++row) {
    const Mask mask = mask_if_zero(digit.magnitude ^ (row + 1));
    const Pair masks = {mask, mask};
    const auto* words = reinterpret_cast<const unsigned char*>(table[row]);
    for (std::size_t i = 0; i < kWords / 2; ++i) {
      Pair pair;
      std::memcpy(&pair, words + i * sizeof pair, sizeof pair);
      sum[i] |= pair & masks;
    }
    if constexpr (kWords % 2 != 0) {
      std::uint64_t last = 0;
      std::memcpy(&last, words + (kWords - 1) * sizeof last, sizeof last);
      sum[kPairs - 1] |= Pair{last & mask, 0};
    }
  }
  std::memcpy(out, sum, sizeof out);
}

/// 1 in the lanes whose magnitude is zero, times `value`, else 0; a Field.
BLINDBOOK_INLINE Field if_zero(const Digit& digit, std::uint64_t value) {
  return {mask_if_zero(digit.magnitude) & value, 0, 0, 0, 0};
}

}  // namespace blindbook::group::kernel::scalar51
