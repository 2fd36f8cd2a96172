#pragma once

#include "blindbook/group/kernel/extended_point.h"

// Points of the twisted Edwards curve -x^2 + y^2 = 1 + d x^2 y^2 over p = 2^255 - 19 (Hisil, Wong, Carter,
// Dawson, "Twisted Edwards Curves Revisited", 2008). -1 is a square and d is none, so the formulas are
// complete: no case is exceptional. `auto` keeps the bound of a sum or a product as it comes; a Field or an
// Operand carries it where it must (bounded.inl).
namespace blindbook::group::kernel::BLINDBOOK_KERNEL {

/// x = X/Z, y = Y/Z: all that a doubling reads.
struct Projective {
  Field x, y, z;
};

/// Projective with T = XY/Z, which an addition reads.
struct Extended {
  Field x, y, z, t;
};

/// A result before its last multiplications: x = e/g, y = h/f.
struct Completed {
  Operand e, f, g, h;
};

/// A summand: Y + X, Y - X, 2Z, 2dT.
struct Cached {
  Operand sum, difference, z2;
  Field t2d;
};

/// A summand with Z = 1, so 2Z need not be kept: y + x, y - x, 2dxy.
struct Affine {
  Operand sum, difference;
  Field t2d;
};

/// 3 products.
BLINDBOOK_INLINE Projective to_projective(const Completed& p) {
  return {multiply(p.e, p.f), multiply(p.g, p.h), multiply(p.f, p.g)};
}

/// 4 products.
BLINDBOOK_INLINE Extended to_extended(const Completed& p) {
  return {multiply(p.e, p.f), multiply(p.g, p.h), multiply(p.f, p.g), multiply(p.e, p.h)};
}

BLINDBOOK_INLINE Projective to_projective(const Extended& p) {
  return {p.x, p.y, p.z};
}

BLINDBOOK_INLINE Cached to_cached(const Extended& p) {
  return {add(p.y, p.x), subtract(p.y, p.x), add(p.z, p.z), multiply(p.t, constant(kTwiceDLimbs))};
}

/// 2P by 4 squares (dbl-2008-hwcd with F and H negated): E = 2XY, G = Y^2 - X^2, H = X^2 + Y^2, F = 2Z^2 - G.
BLINDBOOK_INLINE Completed double_point(const Projective& p) {
  const auto xx = square(p.x);
  const auto yy = square(p.y);
  const auto zz = square(p.z);
  const auto sum_squared = square(add(p.x, p.y));
  const auto h = add(xx, yy);
  const auto g = subtract(yy, xx);
  return {subtract(sum_squared, h), subtract(add(zz, zz), g), g, h};
}

/// P + Q by 4 products (add-2008-hwcd-3).
BLINDBOOK_INLINE Completed add_point(const Extended& p, const Cached& q) {
  const auto a = multiply(subtract(p.y, p.x), q.difference);
  const auto b = multiply(add(p.y, p.x), q.sum);
  const auto c = multiply(p.t, q.t2d);
  const auto d = multiply(p.z, q.z2);
  return {subtract(b, a), subtract(d, c), add(d, c), add(b, a)};
}

/// P + Q by 3 products.
BLINDBOOK_INLINE Completed add_point(const Extended& p, const Affine& q) {
  const auto a = multiply(subtract(p.y, p.x), q.difference);
  const auto b = multiply(add(p.y, p.x), q.sum);
  const auto c = multiply(p.t, q.t2d);
  const auto d = add(p.z, p.z);
  return {subtract(b, a), subtract(d, c), add(d, c), add(b, a)};
}

// The last products straight into their place: g++ copies whole structs of vectors by calls of memmove.
BLINDBOOK_INLINE void store_projective(Projective& out, const Completed& p) {
  out.x = multiply(p.e, p.f);
  out.y = multiply(p.g, p.h);
  out.z = multiply(p.f, p.g);
}
BLINDBOOK_INLINE void store_extended(Extended& out, const Completed& p) {
  out.x = multiply(p.e, p.f);
  out.y = multiply(p.g, p.h);
  out.z = multiply(p.f, p.g);
  out.t = multiply(p.e, p.h);
}

/// p = 2p.
BLINDBOOK_OUTLINE void double_in_place(Projective& p) {
  store_projective(p, double_point(p));
}
BLINDBOOK_OUTLINE void double_to_extended(Extended& out, const Projective& p) {
  store_extended(out, double_point(p));
}
BLINDBOOK_OUTLINE void add_to_projective(Projective& out, const Extended& p, const Cached& q) {
  store_projective(out, add_point(p, q));
}
BLINDBOOK_OUTLINE void add_to_extended(Extended& out, const Extended& p, const Cached& q) {
  store_extended(out, add_point(p, q));
}
BLINDBOOK_OUTLINE void add_to_extended(Extended& out, const Extended& p, const Affine& q) {
  store_extended(out, add_point(p, q));
}

/// -Q where the mask is set: x changes its sign, so sum and difference change places and 2dT its sign.
BLINDBOOK_INLINE void negate_if(Mask mask, Cached& q) {
  const Operand sum = q.sum;
  q.sum = select(mask, q.difference, sum);
  q.difference = select(mask, sum, q.difference);
  q.t2d = select(mask, negate(q.t2d), q.t2d);
}
BLINDBOOK_INLINE Affine negate_if(Mask mask, const Affine& q) {
  return {select(mask, q.difference, q.sum), select(mask, q.sum, q.difference),
          select(mask, negate(q.t2d), q.t2d)};
}

BLINDBOOK_INLINE Extended negate_point(const Extended& p) {
  return {negate(p.x), p.y, p.z, negate(p.t)};
}

BLINDBOOK_INLINE Extended identity_point() {
  return {zero(), one(), one(), zero()};
}

// Memory. One group of lanes: `count` of kLanes points, the rest repeats the last.

inline constexpr std::size_t kPointWords = sizeof(ExtendedPoint) / sizeof(std::uint64_t);

BLINDBOOK_INLINE Extended load_point(const ExtendedPoint* points, std::size_t count) {
  Extended p;
  load(p.x, points->x, kPointWords, count);
  load(p.y, points->y, kPointWords, count);
  load(p.z, points->z, kPointWords, count);
  load(p.t, points->t, kPointWords, count);
  return p;
}

BLINDBOOK_INLINE void store_point(const Extended& p, ExtendedPoint* out, std::size_t count) {
  store(p.x, out->x, kPointWords, count);
  store(p.y, out->y, kPointWords, count);
  store(p.z, out->z, kPointWords, count);
  store(p.t, out->t, kPointWords, count);
}

/// Groups of lanes that `count` items fill.
BLINDBOOK_INLINE std::size_t groups_of(std::size_t count) {
  return (count + kLanes - 1) / kLanes;
}

/// How many of `left` items the next group takes.
BLINDBOOK_INLINE std::size_t group_size(std::size_t left) {
  return left < kLanes ? left : kLanes;
}

}  // namespace blindbook::group::kernel::BLINDBOOK_KERNEL
