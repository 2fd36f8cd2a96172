#pragma once

// Encoding, decoding and the map of RFC 9496 section 4.3.
namespace blindbook::group::kernel::BLINDBOOK_KERNEL {

/// Square roots that take turns in one call (see square_times).
inline constexpr std::size_t kRootsAtOnce = 2;

/// Section 4.3.1, N groups of lanes. A group whose mask comes out clear in some lane holds anything there.
template <std::size_t N>
inline void decode_groups(Mask (&valid)[N], Extended (&out)[N], const Field (&s)[N]) {
  const Field d = constant(kDLimbs);
  Field u1[N];
  Field u2[N];
  Field v[N];
  Field v_u2_squared[N];
  Field ones[N];
  Field inverse_root[N];
  for (std::size_t i = 0; i < N; ++i) {
    const Field ss = square(s[i]);
    u1[i] = subtract(one(), ss);
    u2[i] = add(one(), ss);
    const Field u2_squared = square(u2[i]);
    const Field d_u1_squared = multiply(d, square(u1[i]));
    v[i] = negate(add(d_u1_squared, u2_squared));
    v_u2_squared[i] = multiply(v[i], u2_squared);
    ones[i] = one();
  }
  sqrt_ratio_m1(valid, inverse_root, ones, v_u2_squared);
  for (std::size_t i = 0; i < N; ++i) {
    const Field den_x = multiply(inverse_root[i], u2[i]);
    const Field den_y = multiply(inverse_root[i], multiply(den_x, v[i]));
    const Field x = absolute(multiply(add(s[i], s[i]), den_x));
    const Field y = multiply(u1[i], den_y);
    const Field t = multiply(x, y);
    // y = 0 also rejects the identity's neighbours of order 4; s = 0, the identity itself, is the caller's to
    // reject.
    valid[i] = valid[i] & ~is_negative(t) & ~is_zero(y);
    out[i] = {x, y, one(), t};
  }
}

/// Section 4.3.2: the s of a point.
inline Field encode_group(const Extended& p) {
  const Field sqrt_m1 = constant(kSqrtM1Limbs);
  const Field u1 = multiply(add(p.z, p.y), subtract(p.z, p.y));
  const Field u2 = multiply(p.x, p.y);
  const Field v[1] = {multiply(u1, square(u2))};
  const Field ones[1] = {one()};
  Mask ignored[1];  // u1 u2^2 is a square for every point
  Field inverse_root[1];
  sqrt_ratio_m1(ignored, inverse_root, ones, v);
  const Field den1 = multiply(inverse_root[0], u1);
  const Field den2 = multiply(inverse_root[0], u2);
  const Field z_inverse = multiply(multiply(den1, den2), p.t);
  const Field enchanted = multiply(den1, constant(kInvSqrtAMinusDLimbs));
  const Mask rotate = is_negative(multiply(p.t, z_inverse));
  const Field x = select(rotate, multiply(p.y, sqrt_m1), p.x);
  const Field y = select(rotate, multiply(p.x, sqrt_m1), p.y);
  const Field den_inverse = select(rotate, enchanted, den2);
  const auto signed_y = select(is_negative(multiply(x, z_inverse)), negate(y), y);
  return absolute(multiply(den_inverse, subtract(p.z, signed_y)));
}

/// MAP of section 4.3.4, N groups of lanes. t has limbs < 2^51.
template <std::size_t N>
inline void map_groups(Completed (&out)[N], const Field (&t)[N]) {
  const Field d = constant(kDLimbs);
  Field r[N];
  Field u[N];
  Field v[N];
  Mask was_square[N];
  Field root[N];
  for (std::size_t i = 0; i < N; ++i) {
    r[i] = multiply(constant(kSqrtM1Limbs), square(t[i]));
    u[i] = multiply(add(r[i], one()), constant(kOneMinusDSquaredLimbs));
    v[i] = multiply(negate(add(multiply(r[i], d), one())), add(r[i], d));
  }
  sqrt_ratio_m1(was_square, root, u, v);
  for (std::size_t i = 0; i < N; ++i) {
    const Field s_prime = negate(absolute(multiply(root[i], t[i])));
    const Field s = select(was_square[i], root[i], s_prime);
    const Field c = select(was_square[i], negate(one()), r[i]);
    const Field n =
        subtract(multiply(multiply(c, subtract(r[i], one())), constant(kDMinusOneSquaredLimbs)), v[i]);
    const Field ss = square(s);
    const Field sv = multiply(s, v[i]);
    // x = w0/w1, y = w2/w3
    out[i] = {add(sv, sv), add(one(), ss), multiply(n, constant(kSqrtAdMinusOneLimbs)), subtract(one(), ss)};
  }
}

/// Equality of elements, section 4.3.3.
BLINDBOOK_INLINE Mask same_element(const Extended& a, const Extended& b) {
  return is_zero(subtract(multiply(a.x, b.y), multiply(a.y, b.x))) |
         is_zero(subtract(multiply(a.y, b.y), multiply(a.x, b.x)));
}

}  // namespace blindbook::group::kernel::BLINDBOOK_KERNEL
