#pragma once

#include "blindbook/group/recode.h"

// Multiplication of varying points by a secret scalar: signed windows of four bits, the whole table read each
// time.
namespace blindbook::group::kernel::BLINDBOOK_KERNEL {

inline constexpr std::size_t kWindowRows = 8;

/// table[i] = (i + 1) * P.
inline void make_window_table(Cached (&table)[kWindowRows], const Extended& p) {
  Extended multiples[kWindowRows];
  multiples[0] = p;
  table[0] = to_cached(p);
  for (std::size_t i = 1; i < kWindowRows; i += 2) {
    double_to_extended(multiples[i], to_projective(multiples[i / 2]));
    table[i] = to_cached(multiples[i]);
    if (i + 1 < kWindowRows) {
      add_to_extended(multiples[i + 1], multiples[i], table[0]);
      table[i + 1] = to_cached(multiples[i + 1]);
    }
  }
  wipe_value(multiples);
}

/// digit * P; 0 * P is Y + X = Y - X = 1, 2Z = 2, 2dT = 0.
BLINDBOOK_INLINE void window_multiple(Cached& out, const Cached (&table)[kWindowRows], const Digit& digit) {
  out.sum = one();
  out.difference = one();
  out.z2 = constant(kTwoLimbs);
  out.t2d = zero();
  look_up(out, table, digit);
  negate_if(digit.negative, out);
}

/// k * P before the multiplications that finish its last addition. The same k for all lanes.
inline void multiply_point(Completed& out, const WindowDigits& k, const Extended& p) {
  Cached table[kWindowRows];
  make_window_table(table, p);

  // (Y + X) - (Y - X) : (Y + X) + (Y - X) : 2Z is the point that a summand stands for, as Projective.
  Cached multiple;
  window_multiple(multiple, table, load_digit(&k.digit[WindowDigits::kCount - 1], 0, kLanes));
  Projective q;
  q.x = subtract(multiple.sum, multiple.difference);
  q.y = add(multiple.sum, multiple.difference);
  q.z = multiple.z2;
  Extended q16;
  for (std::size_t i = WindowDigits::kCount - 1; i-- > 0;) {
    double_in_place(q);
    double_in_place(q);
    double_in_place(q);
    double_to_extended(q16, q);
    window_multiple(multiple, table, load_digit(&k.digit[i], 0, kLanes));
    if (i != 0) {
      add_to_projective(q, q16, multiple);
    } else {
      out = add_point(q16, multiple);
    }
  }
  wipe_value(table);
  wipe_value(multiple);
  wipe_value(q16);
  wipe_value(q);
}

/// A point 2Q whose encoding waits for the shared inversion.
struct Doubled {
  Field e, f, g, h;  // x = e/g, y = h/f
  Field z, t;        // Z = f g and T = e h
  Field before;      // the product of all Z T of the chunk before this one
  Mask nonzero;
};

/// Points per shared inversion: its cost fades as 1/n, while 400 bytes per point should stay in the
/// second-level cache.
inline constexpr std::size_t kInversionChunk = 512;

/// Encodes the doubles ("double and compress" of curve25519-dalek, after Hamburg, "Decaf", 2015). For a
/// double the square root of RFC 9496 section 4.3.2 is known in terms of 1/Z and 1/T. `product` is the
/// product of all Z T, none of them zero: the cosets of the identity, where T = 0, came in as 1 and get 0 for
/// 1/Z and 1/T, which encodes to 0.
inline void encode_doubled(Scratch<Doubled>& doubled, std::size_t count, const Field& product,
                           std::uint8_t* out) {
  const Field sqrt_m1 = constant(kSqrtM1Limbs);
  Field inverse_of_rest = invert(product);
  for (std::size_t i = groups_of(count); i-- > 0;) {
    const Doubled& d = doubled[i];
    const Field inverse = select(d.nonzero, multiply(inverse_of_rest, d.before), zero());
    inverse_of_rest = multiply(inverse_of_rest, select(d.nonzero, multiply(d.z, d.t), one()));
    const Field z_inverse = multiply(d.t, inverse);
    const Field t_inverse = multiply(d.z, inverse);
    const Mask rotate = is_negative(multiply(d.t, z_inverse));
    const Field e = select(rotate, d.h, d.e);
    const auto h = select(rotate, negate(d.e), d.h);
    const Field f = select(rotate, multiply(d.g, sqrt_m1), d.f);
    const Field factor = select(rotate, sqrt_m1, constant(kInvSqrtAMinusDLimbs));
    const Mask flip = is_negative(multiply(multiply(f, e), z_inverse));
    const auto signed_h = select(flip, negate(h), h);
    const Field s = multiply(subtract(f, signed_h), multiply(factor, multiply(h, t_inverse)));
    store_bytes(absolute(s), out + 32 * kLanes * i, 32, group_size(count - kLanes * i));
  }
}

inline void multiply_double_encode(const WindowDigits& k, const ExtendedPoint* points, std::size_t count,
                                   std::uint8_t* out) {
  const std::size_t chunk = count < kInversionChunk ? count : kInversionChunk;
  Scratch<Doubled> doubled(groups_of(chunk));
  for (std::size_t start = 0; start < count; start += chunk) {
    const std::size_t size = count - start < chunk ? count - start : chunk;
    Field product = one();
    for (std::size_t i = 0; i < size; i += kLanes) {
      const Extended p = load_point(points + start + i, group_size(size - i));
      Completed sum;
      multiply_point(sum, k, p);
      const Completed twice = double_point(to_projective(sum));
      Doubled& d = doubled[i / kLanes];
      d.e = twice.e;
      d.f = twice.f;
      d.g = twice.g;
      d.h = twice.h;
      d.z = multiply(twice.f, twice.g);
      d.t = multiply(twice.e, twice.h);
      d.before = product;
      const Field zt = multiply(d.z, d.t);
      d.nonzero = ~is_zero(zt);
      product = multiply(product, select(d.nonzero, zt, one()));
    }
    encode_doubled(doubled, size, product, out + 32 * start);
  }
}

}  // namespace blindbook::group::kernel::BLINDBOOK_KERNEL
