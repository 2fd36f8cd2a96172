#include <algorithm>
#include <cstddef>
#include <cstdint>

// Field elements modulo p = 2^255 - 19 whose type says how large their limbs may be. One lane or many: `Words`
// of words.h is one limb of every lane. No #pragma once: each kernel includes this for itself.
//
// A limb of limb_bits(i) bits is full at 2^limb_bits(i), and a Bounded<Q> has every limb below Q quarters of
// that. Sums and differences do not carry: the type of the result has the larger bound, and a difference adds
// the least multiple of p that keeps every limb from going below zero. Where a value goes that must be
// smaller - the operand of a product, a coordinate in memory - the conversion carries, and where it need not
// be smaller the conversion costs nothing. So each kernel gets from one text the carries that its own
// products need, and a bound that does not hold does not compile. What is left to prove, and is proved beside
// them, are carry() here and the products of field.h.
namespace blindbook::group::kernel::BLINDBOOK_KERNEL {

template <unsigned Quarters>
struct Bounded {
  static_assert(Quarters <= kLargestQuarters, "limbs outgrow their words");
  Words limb[kLimbs];

  Bounded() = default;
  /// Free where the bound widens, a carry where it narrows.
  template <unsigned Other>
  BLINDBOOK_INLINE Bounded(const Bounded<Other>& a);  // NOLINT(google-explicit-constructor): the point of it
};

/// What carry(), loads and constants give, and what memory holds: *reduced*. In truth limbs are below 2^b +
/// 2^18 where b is the kernel's limb_bits; five quarters is the type that covers it.
using Field = Bounded<5>;
/// What a product accepts.
using Operand = Bounded<kOperandQuarters>;
/// What a product gives.
using Product = Bounded<kProductQuarters>;

/// Three elements side by side: a row of a table.
struct Triple {
  Field item[3];
};

BLINDBOOK_INLINE constexpr std::uint64_t limb_mask(std::size_t i) {
  return (std::uint64_t{1} << limb_bits(i)) - 1;
}
/// Limb i of p = 2^255 - 19.
BLINDBOOK_INLINE constexpr std::uint64_t limb_of_p(std::size_t i) {
  return limb_mask(i) - (i == 0 ? 18 : 0);
}

/// In the kernel `checked`, notes a limb at or above its bound; nothing elsewhere.
template <unsigned Quarters>
BLINDBOOK_INLINE void expect_bound(const Bounded<Quarters>& a) {
  for (std::size_t i = 0; i < kLimbs; ++i) {
    expect_below(a.limb[i], std::uint64_t{Quarters} << (limb_bits(i) - 2));
  }
}

/// a modulo p, each limb's excess handed to the next at once. A limb below Q quarters hands on at most Q / 4,
/// the top one 19 times that since 2^255 = 19: with Q <= 2^15 less than 2^18.
template <unsigned Quarters>
BLINDBOOK_INLINE Field carry(const Bounded<Quarters>& a) {
  static_assert(19 * (Quarters / 4) < 1U << 18 && limb_bits(0) >= 20);
  expect_bound(a);
  Field out;
  const Words top = a.limb[kLimbs - 1] >> limb_bits(kLimbs - 1);
  out.limb[0] = add_19_times(a.limb[0] & splat(limb_mask(0)), top);
  for (std::size_t i = 1; i < kLimbs; ++i) {
    out.limb[i] = (a.limb[i] & splat(limb_mask(i))) + (a.limb[i - 1] >> limb_bits(i - 1));
  }
  return out;
}

template <unsigned Quarters>
template <unsigned Other>
BLINDBOOK_INLINE Bounded<Quarters>::Bounded(const Bounded<Other>& a) {
  if constexpr (Other <= Quarters) {
    for (std::size_t i = 0; i < kLimbs; ++i) {
      limb[i] = a.limb[i];
    }
  } else {
    static_assert(Quarters >= 5, "no carry gives less");
    const Field carried = carry(a);
    for (std::size_t i = 0; i < kLimbs; ++i) {
      limb[i] = carried.limb[i];
    }
  }
}

/// `a` itself where products take it, carried where not: for products that read limbs where they stand.
template <unsigned Quarters>
BLINDBOOK_INLINE decltype(auto) as_operand(const Bounded<Quarters>& a) {
  if constexpr (Quarters <= kOperandQuarters) {
    return (a);
  } else {
    return carry(a);
  }
}

template <unsigned A, unsigned B>
BLINDBOOK_INLINE Bounded<A + B> add(const Bounded<A>& a, const Bounded<B>& b) {
  Bounded<A + B> out;
  for (std::size_t i = 0; i < kLimbs; ++i) {
    out.limb[i] = a.limb[i] + b.limb[i];
  }
  return out;
}

/// The least multiple of p with limbs above those of a Bounded<B>: m p has limbs >= m (2^b - 19), and with m =
/// B / 4 + 1 that is at least B quarters plus a quarter, less 19 m: 2^20 / 4 > 19 * 2^13.
template <unsigned B>
inline constexpr unsigned kBias = B / 4 + 1;

/// a - b modulo p.
template <unsigned A, unsigned B>
BLINDBOOK_INLINE Bounded<A + 4 * kBias<B>> subtract(const Bounded<A>& a, const Bounded<B>& b) {
  expect_bound(b);
  Bounded<A + 4 * kBias<B>> out;
  for (std::size_t i = 0; i < kLimbs; ++i) {
    out.limb[i] = a.limb[i] + (splat(kBias<B> * limb_of_p(i)) - b.limb[i]);
  }
  return out;
}

template <unsigned B>
BLINDBOOK_INLINE Bounded<4 * kBias<B>> negate(const Bounded<B>& b) {
  expect_bound(b);
  Bounded<4 * kBias<B>> out;
  for (std::size_t i = 0; i < kLimbs; ++i) {
    out.limb[i] = splat(kBias<B> * limb_of_p(i)) - b.limb[i];
  }
  return out;
}

/// mask ? a : b, lane by lane.
template <unsigned A, unsigned B>
BLINDBOOK_INLINE Bounded<std::max(A, B)> select(Mask mask, const Bounded<A>& a, const Bounded<B>& b) {
  Bounded<std::max(A, B)> out;
  for (std::size_t i = 0; i < kLimbs; ++i) {
    out.limb[i] = blend(mask, a.limb[i], b.limb[i]);
  }
  return out;
}

/// The one representative in [0, p). The first pass leaves limbs of limb_bits(i) bits and in limb 0 at most 19
/// * 1 more, since a reduced value is below 2^256: the value is below 2^255 + 19 < 2p, and so is >= p exactly
/// when adding 19 reaches 2^255. That bit says whether p = 2^255 - 19 has to go.
BLINDBOOK_INLINE Field canonical(const Field& a) {
  expect_bound(a);
  Field r = a;
  for (std::size_t i = 0; i + 1 < kLimbs; ++i) {
    r.limb[i + 1] = r.limb[i + 1] + (r.limb[i] >> limb_bits(i));
    r.limb[i] = r.limb[i] & splat(limb_mask(i));
  }
  constexpr std::size_t kTop = kLimbs - 1;
  r.limb[0] = add_19_times(r.limb[0], r.limb[kTop] >> limb_bits(kTop));
  r.limb[kTop] = r.limb[kTop] & splat(limb_mask(kTop));

  Words over = (r.limb[0] + splat(19)) >> limb_bits(0);
  for (std::size_t i = 1; i < kLimbs; ++i) {
    over = (r.limb[i] + over) >> limb_bits(i);
  }
  r.limb[0] = add_19_times(r.limb[0], over);
  for (std::size_t i = 0; i + 1 < kLimbs; ++i) {
    r.limb[i + 1] = r.limb[i + 1] + (r.limb[i] >> limb_bits(i));
    r.limb[i] = r.limb[i] & splat(limb_mask(i));
  }
  r.limb[kTop] = r.limb[kTop] & splat(limb_mask(kTop));
  return r;
}

/// RFC 9496 section 3.1: negative is the element whose canonical representative is odd.
BLINDBOOK_INLINE Mask is_negative(const Field& a) {
  return mask_of_bit(canonical(a).limb[0] & splat(1));
}

BLINDBOOK_INLINE Mask is_zero(const Field& a) {
  const Field c = canonical(a);
  Words all = c.limb[0];
  for (std::size_t i = 1; i < kLimbs; ++i) {
    all = all | c.limb[i];
  }
  return mask_if_zero(all);
}

}  // namespace blindbook::group::kernel::BLINDBOOK_KERNEL
