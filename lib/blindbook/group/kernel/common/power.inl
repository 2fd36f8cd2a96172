#pragma once

#include <cstddef>

// Powers with public exponents: inversion and square roots.
namespace blindbook::group::kernel::BLINDBOOK_KERNEL {

BLINDBOOK_OUTLINE void square_in_place(Field& a) {
  a = square(a);
}

/// a[i] = a[i]^(2^times). A squaring waits for the one before, so several independent chains take turns.
template <std::size_t N>
inline void square_times(Field (&a)[N], unsigned times) {
  for (unsigned n = 0; n < times; ++n) {
    for (std::size_t i = 0; i < N; ++i) {
      if constexpr (kInlineSquarings) {
        a[i] = square(a[i]);
      } else {
        square_in_place(a[i]);
      }
    }
  }
}

/// out[i] = a[i]^(2^times) * b[i].
template <std::size_t N>
inline void square_times_multiply(Field (&out)[N], const Field (&a)[N], unsigned times, const Field (&b)[N]) {
  Field power[N];
  for (std::size_t i = 0; i < N; ++i) {
    power[i] = a[i];
  }
  square_times(power, times);
  for (std::size_t i = 0; i < N; ++i) {
    out[i] = multiply(power[i], b[i]);
  }
}

/// out[i] = x[i]^(2^250 - 1) and x11[i] = x[i]^11: where the chains for both exponents part.
template <std::size_t N>
inline void power_2_250_minus_1(Field (&out)[N], Field (&x11)[N], const Field (&x)[N]) {
  Field x2[N];
  Field x9[N];
  Field ones_5[N];  // x^(2^5 - 1) and so on
  Field ones_10[N];
  Field ones_50[N];
  Field work[N];
  for (std::size_t i = 0; i < N; ++i) {
    x2[i] = square(x[i]);
  }
  square_times_multiply(x9, x2, 2, x);
  for (std::size_t i = 0; i < N; ++i) {
    x11[i] = multiply(x9[i], x2[i]);
  }
  square_times_multiply(ones_5, x11, 1, x9);
  square_times_multiply(ones_10, ones_5, 5, ones_5);
  square_times_multiply(work, ones_10, 10, ones_10);  // 20
  square_times_multiply(work, work, 20, work);        // 40
  square_times_multiply(ones_50, work, 10, ones_10);  // 50
  square_times_multiply(work, ones_50, 50, ones_50);  // 100
  square_times_multiply(work, work, 100, work);       // 200
  square_times_multiply(out, work, 50, ones_50);      // 250
}

/// out[i] = x[i]^((p - 5) / 8) = x[i]^(2^252 - 3).
template <std::size_t N>
inline void power_p_minus_5_over_8(Field (&out)[N], const Field (&x)[N]) {
  Field x11[N];
  Field ones_250[N];
  power_2_250_minus_1(ones_250, x11, x);
  square_times_multiply(out, ones_250, 2, x);
}

/// 1/x by Fermat's theorem, x^(p - 2) = x^(2^255 - 21); 0 for 0.
inline Field invert(const Field& x) {
  const Field in[1] = {x};
  Field x11[1];
  Field ones_250[1];
  Field out[1];
  power_2_250_minus_1(ones_250, x11, in);
  square_times_multiply(out, ones_250, 5, x11);
  return out[0];
}

/// |x|: x or -x, whichever is not negative (even).
BLINDBOOK_INLINE Field absolute(const Field& x) {
  const Field c = canonical(x);
  return select(mask_of_bit(c.limb[0] & splat(1)), negate(c), c);
}

/// SQRT_RATIO_M1 of RFC 9496 section 4.2, N at a time: the non-negative square root of u/v, or of SQRT_M1 *
/// u/v where u/v is no square. was_square is set for u = 0, clear for v = 0 != u.
template <std::size_t N>
inline void sqrt_ratio_m1(Mask (&was_square)[N], Field (&root)[N], const Field (&u)[N], const Field (&v)[N]) {
  const Field sqrt_m1 = constant(kSqrtM1Limbs);
  Field uv3[N];
  Field uv7[N];
  for (std::size_t i = 0; i < N; ++i) {
    const Field v3 = multiply(square(v[i]), v[i]);
    uv3[i] = multiply(u[i], v3);
    uv7[i] = multiply(uv3[i], square(square(v[i])));
  }
  power_p_minus_5_over_8(root, uv7);
  for (std::size_t i = 0; i < N; ++i) {
    const Field r = multiply(uv3[i], root[i]);
    const Field check = multiply(v[i], square(r));
    const Mask correct = is_zero(subtract(check, u[i]));
    const Mask flipped = is_zero(add(check, u[i]));
    const Mask flipped_i = is_zero(add(check, multiply(u[i], sqrt_m1)));
    root[i] = absolute(select(flipped | flipped_i, multiply(r, sqrt_m1), r));
    was_square[i] = correct | flipped;
  }
}

}  // namespace blindbook::group::kernel::BLINDBOOK_KERNEL
