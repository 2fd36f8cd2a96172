#pragma once

#include <bit>
#include <cstring>

#include "blindbook/group/kernel/checked/field.h"

/// Loads, stores, digits and table look-ups of the kernel `checked`.
namespace blindbook::group::kernel::checked {

static_assert(std::endian::native == std::endian::little, "as in the kernel that this one stands for");

/// The item of a lane; lanes beyond `count` repeat the last.
inline std::size_t item_of(std::size_t lane, std::size_t count) {
  return lane < count ? lane : count - 1;
}

inline Words load_words(const std::uint64_t* from, std::size_t stride, std::size_t count) {
  Words out;
  for (std::size_t i = 0; i < kLanes; ++i) {
    out.lane[i] = from[item_of(i, count) * stride];
  }
  return out;
}
inline void store_words(const Words& a, std::uint64_t* to, std::size_t stride, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    to[i * stride] = a.lane[i];
  }
}
/// Words of any alignment whose first byte is the least significant.
inline Words load_byte_words(const std::uint8_t* from, std::size_t stride, std::size_t count) {
  Words out;
  for (std::size_t i = 0; i < kLanes; ++i) {
    std::memcpy(&out.lane[i], from + item_of(i, count) * stride, sizeof out.lane[i]);
  }
  return out;
}
inline void store_byte_words(const Words& a, std::uint8_t* to, std::size_t stride, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    std::memcpy(to + i * stride, &a.lane[i], sizeof a.lane[i]);
  }
}

/// A word for each lane, side by side.
inline Words load_lanes(const std::uint64_t (&lanes)[kLanes]) {
  return load_words(lanes, 1, kLanes);
}
inline void store_lanes(const Words& a, std::uint64_t (&lanes)[kLanes]) {
  store_words(a, lanes, 1, kLanes);
}

/// The word that each lane's public index names.
inline Words load_at(const std::uint64_t* from, const Words& index) {
  return each(index, index, [from](std::uint64_t i, std::uint64_t) { return from[i]; });
}
inline void store_at(const Words& a, std::uint64_t* to, const Words& index) {
  for (std::size_t i = 0; i < kLanes; ++i) {
    to[index.lane[i]] = a.lane[i];
  }
}

/// A signed digit per lane.
struct Digit {
  Words magnitude;
  Mask negative;
};

/// Digits `stride` bytes apart; stride 0 gives every lane the same.
inline Digit load_digit(const std::int8_t* digits, std::size_t stride, std::size_t count) {
  Digit out;
  for (std::size_t i = 0; i < kLanes; ++i) {
    const std::int64_t value = digits[item_of(i, count) * stride];  // NOLINT(bugprone-signed-char-misuse)
    const std::uint64_t negative = mask_word(static_cast<std::uint64_t>(value) >> 63);
    out.magnitude.lane[i] = (static_cast<std::uint64_t>(value) ^ negative) - negative;
    out.negative.lane[i] = negative;
  }
  return out;
}

/// out = table[magnitude - 1], and out as it was for magnitude 0. Reads every row in full.
template <std::size_t Rows, class Row>
inline void look_up(Row& out, const Row (&table)[Rows], const Digit& digit) {
  constexpr std::size_t kWords = sizeof out / sizeof(Words);
  auto* to = reinterpret_cast<Words*>(&out);
  for (std::size_t row = 0; row < Rows; ++row) {
    const auto* from = reinterpret_cast<const Words*>(&table[row]);
    const Mask here = mask_if_zero(digit.magnitude ^ splat(row + 1));
    for (std::size_t i = 0; i < kWords; ++i) {
      to[i] = blend(here, from[i], to[i]);
    }
  }
}

/// Sixteen public rows of three field elements, the same for all lanes.
struct PublicRows {
  std::uint64_t limb[16][3 * kLimbs];
};

/// From five limbs of radix 2^51 for each element.
inline void make_public_rows(PublicRows& out, const std::uint64_t (&limbs)[16][3][5]) {
  static_assert(sizeof out == sizeof limbs);
  std::memcpy(&out, limbs, sizeof out);
}

/// As look_up() above.
inline void look_up(Triple& out, const PublicRows& rows, const Digit& digit) {
  for (std::size_t row = 0; row < 16; ++row) {
    const Mask here = mask_if_zero(digit.magnitude ^ splat(row + 1));
    for (std::size_t i = 0; i < 3 * kLimbs; ++i) {
      Words& limb = out.item[i / kLimbs].limb[i % kLimbs];
      limb = blend(here, splat(rows.limb[row][i]), limb);
    }
  }
}

}  // namespace blindbook::group::kernel::checked
