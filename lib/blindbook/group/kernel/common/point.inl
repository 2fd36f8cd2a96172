#pragma once

#include "blindbook/group/kernel/extended_point.h"

// Points of the twisted Edwards curve -x^2 + y^2 = 1 + d x^2 y^2 over p = 2^255 - 19 (Hisil, Wong, Carter,
// Dawson, "Twisted Edwards Curves Revisited", 2008). -1 is a square and d is none, so the formulas are
// complete: no case is exceptional. Bounds: coordinates of Projective and Extended are reduced; all others
// are loose, as products accept.
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
  Field e, f, g, h;
};

/// A summand: Y + X, Y - X, 2Z, 2dT.
struct Cached {
  Field item[4];
};

/// A summand with Z = 1, so 2Z need not be kept: y + x, y - x, 2dxy.
struct Affine {
  Field item[3];
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

/// Y - X < 3 * 2^51, the others < 2^52 + 2^14.
BLINDBOOK_INLINE Cached to_cached(const Extended& p) {
  return {{add(p.y, p.x), subtract<2>(p.y, p.x), add(p.z, p.z), multiply(p.t, constant(kTwiceDLimbs))}};
}

/// 2P by 4 squares (dbl-2008-hwcd with F and H negated): E = 2XY < 5 * 2^51, G = Y^2 - X^2 < 3 * 2^51 + 2^13,
/// H = X^2 + Y^2 < 2^52 + 2^14, F = 2Z^2 - G < 6 * 2^51 + 2^14.
BLINDBOOK_INLINE Completed double_point(const Projective& p) {
  const Field xx = square(p.x);
  const Field yy = square(p.y);
  const Field zz = square(p.z);
  const Field sum_squared = square(add(p.x, p.y));
  const Field h = add(xx, yy);
  const Field g = subtract<2>(yy, xx);
  return {subtract<4>(sum_squared, h), subtract<4>(add(zz, zz), g), g, h};
}

/// P + Q by 4 products (add-2008-hwcd-3). E, F < 3 * 2^51 + 2^13; G, H < 2^52 + 2^14. Q's items are loose.
BLINDBOOK_INLINE Completed add_point(const Extended& p, const Cached& q) {
  const Field a = multiply(subtract<2>(p.y, p.x), q.item[1]);
  const Field b = multiply(add(p.y, p.x), q.item[0]);
  const Field c = multiply(p.t, q.item[3]);
  const Field d = multiply(p.z, q.item[2]);
  return {subtract<2>(b, a), subtract<2>(d, c), add(d, c), add(b, a)};
}

/// P + Q by 3 products. F < 4 * 2^51 + 2^14, G < 3 * 2^51 + 2^14, the others as above.
BLINDBOOK_INLINE Completed add_point(const Extended& p, const Affine& q) {
  const Field a = multiply(subtract<2>(p.y, p.x), q.item[1]);
  const Field b = multiply(add(p.y, p.x), q.item[0]);
  const Field c = multiply(p.t, q.item[2]);
  const Field d = add(p.z, p.z);
  return {subtract<2>(b, a), subtract<2>(d, c), add(d, c), add(b, a)};
}

/// p = 2p.
BLINDBOOK_OUTLINE void double_in_place(Projective& p) {
  p = to_projective(double_point(p));
}
BLINDBOOK_OUTLINE void double_to_extended(Extended& out, const Projective& p) {
  out = to_extended(double_point(p));
}
BLINDBOOK_OUTLINE void add_to_projective(Projective& out, const Extended& p, const Cached& q) {
  out = to_projective(add_point(p, q));
}
BLINDBOOK_OUTLINE void add_to_extended(Extended& out, const Extended& p, const Cached& q) {
  out = to_extended(add_point(p, q));
}
BLINDBOOK_OUTLINE void add_to_extended(Extended& out, const Extended& p, const Affine& q) {
  out = to_extended(add_point(p, q));
}

/// -Q where the mask is set: x changes its sign, so the first two items change places and 2dT its sign. 2dT
/// is reduced.
BLINDBOOK_INLINE Cached negate_if(Mask mask, const Cached& q) {
  return {{select(mask, q.item[1], q.item[0]), select(mask, q.item[0], q.item[1]), q.item[2],
           select(mask, negate(q.item[3]), q.item[3])}};
}
BLINDBOOK_INLINE Affine negate_if(Mask mask, const Affine& q) {
  return {{select(mask, q.item[1], q.item[0]), select(mask, q.item[0], q.item[1]),
           select(mask, negate(q.item[2]), q.item[2])}};
}

BLINDBOOK_INLINE Extended negate_point(const Extended& p) {
  return {carry(negate(p.x)), p.y, p.z, carry(negate(p.t))};
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

/// How many of `left` items the next group takes.
BLINDBOOK_INLINE std::size_t group_size(std::size_t left) {
  return left < kLanes ? left : kLanes;
}

}  // namespace blindbook::group::kernel::BLINDBOOK_KERNEL
