#pragma once

#include <cstddef>
#include <cstdint>

#include "blindbook/group/kernel/common/inline.h"

/// Words and masks of the kernel `checked`: the eight lanes of `ifma` in plain C++, every operation watched. It
/// compiles the same text, common/field52.inl included, so what holds here of sums that may not wrap and of
/// factors that may not reach 2^52 holds there. valgrind, which knows no AVX-512, follows secrets through this
/// one. For tests: slow, and in no other build.
namespace blindbook::group::kernel::checked {

inline constexpr std::size_t kLanes = 8;

/// Not zero once a bound was broken on this thread. Collected without a branch, since limbs are secret; the
/// functions of the Kernel look at it when they are done.
inline thread_local std::uint64_t broken_bounds = 0;

inline void note(std::uint64_t broken) {
  broken_bounds |= broken;
}

struct Words {
  std::uint64_t lane[kLanes];
};
struct Mask {
  std::uint64_t lane[kLanes];  // all ones or all zeros
};

template <class Out = Words, class In, class Function>
inline Out each(const In& a, const In& b, Function function) {
  Out out;
  for (std::size_t i = 0; i < kLanes; ++i) {
    out.lane[i] = function(a.lane[i], b.lane[i]);
  }
  return out;
}

/// May not wrap.
inline Words operator+(const Words& a, const Words& b) {
  return each(a, b, [](std::uint64_t x, std::uint64_t y) {
    std::uint64_t sum = 0;
    note(__builtin_add_overflow(x, y, &sum) ? 1 : 0);
    return sum;
  });
}
/// May not go below zero.
inline Words operator-(const Words& a, const Words& b) {
  return each(a, b, [](std::uint64_t x, std::uint64_t y) {
    std::uint64_t difference = 0;
    note(__builtin_sub_overflow(x, y, &difference) ? 1 : 0);
    return difference;
  });
}
inline Words operator&(const Words& a, const Words& b) {
  return each(a, b, [](std::uint64_t x, std::uint64_t y) { return x & y; });
}
inline Words operator|(const Words& a, const Words& b) {
  return each(a, b, [](std::uint64_t x, std::uint64_t y) { return x | y; });
}
inline Words operator^(const Words& a, const Words& b) {
  return each(a, b, [](std::uint64_t x, std::uint64_t y) { return x ^ y; });
}
inline Words operator>>(const Words& a, std::size_t bits) {
  return each(a, a, [bits](std::uint64_t x, std::uint64_t) { return x >> bits; });
}
/// May lose bits at the top: bytes are cut into limbs with it.
inline Words operator<<(const Words& a, std::size_t bits) {
  return each(a, a, [bits](std::uint64_t x, std::uint64_t) { return x << bits; });
}

inline Mask operator&(const Mask& a, const Mask& b) {
  return each<Mask>(a, b, [](std::uint64_t x, std::uint64_t y) { return x & y; });
}
inline Mask operator|(const Mask& a, const Mask& b) {
  return each<Mask>(a, b, [](std::uint64_t x, std::uint64_t y) { return x | y; });
}
inline Mask operator~(const Mask& a) {
  return each<Mask>(a, a, [](std::uint64_t x, std::uint64_t) { return ~x; });
}

/// As in ifma/words.h.
inline constexpr std::size_t kLimbs = 5;
constexpr unsigned limb_bits(std::size_t) {
  return 51;
}
inline constexpr unsigned kOperandQuarters = 8;
inline constexpr unsigned kProductQuarters = 2136;
/// Whether chains of squarings are faster inlined: nothing here is fast.
inline constexpr bool kInlineSquarings = false;
inline constexpr unsigned kLargestQuarters = 1U << 15;

inline Words splat(std::uint64_t value) {
  Words out;
  for (std::uint64_t& lane : out.lane) {
    lane = value;
  }
  return out;
}

__extension__ typedef unsigned __int128 Wide;

/// A factor of a multiply-add; bits from 52 on would be dropped.
inline Wide factor(std::uint64_t word) {
  note(word >> 52);
  return word & ((std::uint64_t{1} << 52) - 1);
}
inline Words multiply_add_low(const Words& sum, const Words& a, const Words& b) {
  return sum + each(a, b, [](std::uint64_t x, std::uint64_t y) {
           return static_cast<std::uint64_t>(factor(x) * factor(y)) & ((std::uint64_t{1} << 52) - 1);
         });
}
inline Words multiply_add_high(const Words& sum, const Words& a, const Words& b) {
  return sum + each(a, b, [](std::uint64_t x, std::uint64_t y) {
           return static_cast<std::uint64_t>(factor(x) * factor(y) >> 52);
         });
}
inline Words times_19(const Words& a) {
  return each(a, a, [](std::uint64_t x, std::uint64_t) {
    note(static_cast<std::uint64_t>(Wide{x} * 19 >> 64));
    return x * 19;
  });
}
inline Words add_19_times(const Words& a, const Words& b) {
  return a + times_19(b);
}
/// The bound that a type promises.
inline void expect_below(const Words& a, std::uint64_t bound) {
  (void)(splat(bound - 1) - a);
}

// What SHA-512 takes: sums modulo 2^64, and functions of three bits.

inline Words add_wrapping(const Words& a, const Words& b) {
  return each(a, b, [](std::uint64_t x, std::uint64_t y) { return x + y; });
}
template <int Bits>
inline Words rotate_right(const Words& a) {
  return (a >> Bits) | (a << (64 - Bits));
}
/// x ? y : z, bit by bit.
inline Words choose(const Words& x, const Words& y, const Words& z) {
  return z ^ (x & (y ^ z));
}
inline Words majority(const Words& x, const Words& y, const Words& z) {
  return (x & y) | (z & (x | y));
}

/// All ones for 1, all zeros for 0. The optimiser must not learn that there are two values only.
inline std::uint64_t mask_word(std::uint64_t bit) {
  std::uint64_t mask = std::uint64_t{0} - bit;
  __asm__("" : "+r"(mask));
  return mask;
}
inline Mask mask_of_bit(const Words& bit) {
  return each<Mask>(bit, bit, [](std::uint64_t x, std::uint64_t) { return mask_word(x); });
}
inline Mask mask_if_zero(const Words& word) {
  return each<Mask>(word, word,
                    [](std::uint64_t x, std::uint64_t) { return mask_word(1 ^ ((x | (0 - x)) >> 63)); });
}
/// mask ? a : b.
inline Words blend(const Mask& mask, const Words& a, const Words& b) {
  Words out;
  for (std::size_t i = 0; i < kLanes; ++i) {
    out.lane[i] = b.lane[i] ^ (mask.lane[i] & (a.lane[i] ^ b.lane[i]));
  }
  return out;
}
/// Bit i is set when lane i of the mask is.
inline std::uint64_t lane_bits(const Mask& mask) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < kLanes; ++i) {
    bits |= (mask.lane[i] & 1) << i;
  }
  return bits;
}

}  // namespace blindbook::group::kernel::checked
