#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

/// Field arithmetic modulo p = 2^255 - 19 in portable C++: one element per value (one lane), radix 2^51.
///
/// This folder holds operations defined in terms of machine operations; everything defined in terms of other
/// field operations is in kernel/common. Another kernel is a folder with the same file names and the same
/// functions on more lanes; `first` and `count` below say which of an array's items the lanes hold, and a
/// missing item repeats the last.
///
/// Bounds. A Field stands for v0 + 2^51 v1 + .. + 2^204 v4. It is *reduced* when every limb is < 2^51 + 2^13,
/// which products, squares, carry() and load() give, and *loose* when every limb is < 2^54, which products,
/// squares and carry() accept. Sums and differences do not carry; each states what it accepts and gives.
namespace blindbook::group::kernel::scalar51 {

#define BLINDBOOK_INLINE inline __attribute__((always_inline))
/// For functions of several products: inlined everywhere they would outgrow the caches for instructions.
#define BLINDBOOK_OUTLINE inline __attribute__((noinline))

__extension__ typedef unsigned __int128 Wide;

/// All ones or all zeros, one word per lane.
using Mask = std::uint64_t;

inline constexpr std::size_t kLanes = 1;

struct Field {
  std::uint64_t v0, v1, v2, v3, v4;
};

inline constexpr std::uint64_t kLimbMask = (std::uint64_t{1} << 51) - 1;

/// The mask of a bit. The optimiser must not learn that it has two values only, or it makes a branch of it.
BLINDBOOK_INLINE Mask mask_of_bit(std::uint64_t bit) {
  Mask mask = std::uint64_t{0} - bit;
  __asm__("" : "+r"(mask));
  return mask;
}
BLINDBOOK_INLINE Mask mask_if_zero(std::uint64_t word) {
  return mask_of_bit(1 ^ ((word | (0 - word)) >> 63));
}

/// Bit i is set when lane i of the mask is. For public decisions only.
BLINDBOOK_INLINE std::uint64_t lane_bits(Mask mask) {
  return mask & 1;
}

/// The same public value in every lane.
BLINDBOOK_INLINE void broadcast(Field& out, const std::uint64_t (&limbs)[5]) {
  out = {limbs[0], limbs[1], limbs[2], limbs[3], limbs[4]};
}

/// Five limbs per item, items `stride` words apart.
BLINDBOOK_INLINE void load(Field& out, const std::uint64_t* limbs, std::size_t, std::size_t) {
  out = {limbs[0], limbs[1], limbs[2], limbs[3], limbs[4]};
}
BLINDBOOK_INLINE void store(const Field& a, std::uint64_t* limbs, std::size_t, std::size_t) {
  limbs[0] = a.v0;
  limbs[1] = a.v1;
  limbs[2] = a.v2;
  limbs[3] = a.v3;
  limbs[4] = a.v4;
}

/// a + b: limbs add up. No carry.
BLINDBOOK_INLINE Field add(const Field& a, const Field& b) {
  return {a.v0 + b.v0, a.v1 + b.v1, a.v2 + b.v2, a.v3 + b.v3, a.v4 + b.v4};
}

/// a - b with `Multiple` * p added, limb by limb: no limb of b may exceed that of `Multiple` * p, and the
/// result's limbs are < a's + Multiple * 2^51. Multiple = 2 takes a reduced b, 4 the sum of two or three of
/// them.
template <unsigned Multiple = 2>
BLINDBOOK_INLINE Field subtract(const Field& a, const Field& b) {
  constexpr std::uint64_t kLow = Multiple * ((std::uint64_t{1} << 51) - 19);
  constexpr std::uint64_t kHigh = Multiple * ((std::uint64_t{1} << 51) - 1);
  return {a.v0 + (kLow - b.v0), a.v1 + (kHigh - b.v1), a.v2 + (kHigh - b.v2), a.v3 + (kHigh - b.v3),
          a.v4 + (kHigh - b.v4)};
}

/// -a for a reduced a; limbs <= 2^52.
BLINDBOOK_INLINE Field negate(const Field& a) {
  return subtract<2>(Field{0, 0, 0, 0, 0}, a);
}

/// mask ? a : b.
BLINDBOOK_INLINE Field select(Mask mask, const Field& a, const Field& b) {
  return {b.v0 ^ (mask & (a.v0 ^ b.v0)), b.v1 ^ (mask & (a.v1 ^ b.v1)), b.v2 ^ (mask & (a.v2 ^ b.v2)),
          b.v3 ^ (mask & (a.v3 ^ b.v3)), b.v4 ^ (mask & (a.v4 ^ b.v4))};
}

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

/// One carry through the columns of a product of loose values; reduced. Columns are < (1 + 4 * 19) * 2^108 <
/// 2^114.3 before the carry of the one below, which is < 2^63.3. The top column holds no multiple of 19: it
/// is < 5 * 2^108 + 2^63.3, its carry, worth 2^255 = 19, < 2^59.4, times 19 < 2^63.6. So v0 < 2^63.7 hands
/// less than 2^12.7 to v1.
BLINDBOOK_INLINE Field carry_columns(Wide c0, Wide c1, Wide c2, Wide c3, Wide c4) {
  c1 += carry_of(c0);
  c2 += carry_of(c1);
  c3 += carry_of(c2);
  c4 += carry_of(c3);
  const std::uint64_t v0 = (static_cast<std::uint64_t>(c0) & kLimbMask) + 19 * carry_of(c4);
  return {v0 & kLimbMask, (static_cast<std::uint64_t>(c1) & kLimbMask) + (v0 >> 51),
          static_cast<std::uint64_t>(c2) & kLimbMask, static_cast<std::uint64_t>(c3) & kLimbMask,
          static_cast<std::uint64_t>(c4) & kLimbMask};
}

BLINDBOOK_INLINE Wide wide(std::uint64_t a, std::uint64_t b) {
  return static_cast<Wide>(a) * b;
}

/// a * b, both loose; reduced. Limbs i and j meet in column i + j; from column 5 on they count 19-fold, five
/// columns lower. 19 * 2^54 < 2^58.3.
BLINDBOOK_INLINE Field multiply(const Field& a, const Field& b) {
  const std::uint64_t b1 = 19 * b.v1;
  const std::uint64_t b2 = 19 * b.v2;
  const std::uint64_t b3 = 19 * b.v3;
  const std::uint64_t b4 = 19 * b.v4;
  const Wide c0 = wide(a.v0, b.v0) + wide(a.v1, b4) + wide(a.v2, b3) + wide(a.v3, b2) + wide(a.v4, b1);
  const Wide c1 = wide(a.v0, b.v1) + wide(a.v1, b.v0) + wide(a.v2, b4) + wide(a.v3, b3) + wide(a.v4, b2);
  const Wide c2 = wide(a.v0, b.v2) + wide(a.v1, b.v1) + wide(a.v2, b.v0) + wide(a.v3, b4) + wide(a.v4, b3);
  const Wide c3 = wide(a.v0, b.v3) + wide(a.v1, b.v2) + wide(a.v2, b.v1) + wide(a.v3, b.v0) + wide(a.v4, b4);
  const Wide c4 =
      wide(a.v0, b.v4) + wide(a.v1, b.v3) + wide(a.v2, b.v2) + wide(a.v3, b.v1) + wide(a.v4, b.v0);
  return carry_columns(c0, c1, c2, c3, c4);
}

/// a^2 of a loose a; reduced. Columns as in multiply(); 2 * 19 * 2^54 < 2^59.3.
BLINDBOOK_INLINE Field square(const Field& a) {
  const std::uint64_t d0 = 2 * a.v0;
  const std::uint64_t d1 = 2 * a.v1;
  const std::uint64_t a3 = 19 * a.v3;
  const std::uint64_t a4 = 19 * a.v4;
  const std::uint64_t d4 = 2 * a4;
  const Wide c0 = wide(a.v0, a.v0) + wide(d4, a.v1) + wide(2 * a.v2, a3);
  const Wide c1 = wide(d0, a.v1) + wide(d4, a.v2) + wide(a3, a.v3);
  const Wide c2 = wide(d0, a.v2) + wide(a.v1, a.v1) + wide(d4, a.v3);
  const Wide c3 = wide(d0, a.v3) + wide(d1, a.v2) + wide(a4, a.v4);
  const Wide c4 = wide(d0, a.v4) + wide(d1, a.v3) + wide(a.v2, a.v2);
  return carry_columns(c0, c1, c2, c3, c4);
}

/// a modulo p for a loose a; reduced: v1 .. v4 < 2^51, v0 < 2^51 + 19 * 2^3.
BLINDBOOK_INLINE Field carry(const Field& a) {
  const std::uint64_t v1 = a.v1 + (a.v0 >> 51);
  const std::uint64_t v2 = a.v2 + (v1 >> 51);
  const std::uint64_t v3 = a.v3 + (v2 >> 51);
  const std::uint64_t v4 = a.v4 + (v3 >> 51);
  return {(a.v0 & kLimbMask) + 19 * (v4 >> 51), v1 & kLimbMask, v2 & kLimbMask, v3 & kLimbMask,
          v4 & kLimbMask};
}

/// The one representative of a loose a in [0, p). After carry() the value is below 2^255 + 2^8 < 2p, so it is
/// >= p exactly when adding 19 reaches 2^255; that bit says whether p = 2^255 - 19 has to go.
BLINDBOOK_INLINE Field canonical(const Field& a) {
  const Field r = carry(a);
  std::uint64_t over = (r.v0 + 19) >> 51;
  over = (r.v1 + over) >> 51;
  over = (r.v2 + over) >> 51;
  over = (r.v3 + over) >> 51;
  over = (r.v4 + over) >> 51;
  const std::uint64_t v0 = r.v0 + 19 * over;
  const std::uint64_t v1 = r.v1 + (v0 >> 51);
  const std::uint64_t v2 = r.v2 + (v1 >> 51);
  const std::uint64_t v3 = r.v3 + (v2 >> 51);
  const std::uint64_t v4 = r.v4 + (v3 >> 51);
  return {v0 & kLimbMask, v1 & kLimbMask, v2 & kLimbMask, v3 & kLimbMask, v4 & kLimbMask};
}

/// RFC 9496 section 4.1: the canonical representative is odd. Takes a loose a.
BLINDBOOK_INLINE Mask is_negative(const Field& a) {
  return mask_of_bit(canonical(a).v0 & 1);
}

/// Takes a loose a.
BLINDBOOK_INLINE Mask is_zero(const Field& a) {
  const Field c = canonical(a);
  return mask_if_zero(c.v0 | c.v1 | c.v2 | c.v3 | c.v4);
}

}  // namespace blindbook::group::kernel::scalar51
