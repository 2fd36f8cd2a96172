#include "tests/oracle/ristretto_oracle.h"

namespace blindbook::oracle {
namespace {

using boost::multiprecision::powm;

Integer reduce(const Integer& value) {
  return modulo(value, field_prime());
}
Integer inverse(const Integer& value) {
  return powm(reduce(value), field_prime() - 2, field_prime());
}
bool is_negative(const Integer& value) {
  return (reduce(value) & 1) != 0;
}
Integer absolute(const Integer& value) {
  return is_negative(value) ? reduce(-value) : reduce(value);
}

const Integer& curve_d() {
  static const Integer d = reduce(-121665 * inverse(121666));
  return d;
}
const Integer& sqrt_m1() {
  static const Integer root = powm(Integer(2), (field_prime() - 1) / 4, field_prime());
  return root;
}

/// MAP of section 4.3.4.
Point map(const Integer& t) {
  const Integer r = reduce(sqrt_m1() * t * t);
  const Integer u = reduce((r + 1) * (1 - curve_d() * curve_d()));
  const Integer v = reduce((-1 - r * curve_d()) * (r + curve_d()));
  const Root root = sqrt_ratio_m1(u, v);
  const Integer s = root.was_square ? root.root : reduce(-absolute(root.root * t));
  const Integer c = root.was_square ? reduce(-1) : r;
  const Integer n = reduce(c * (r - 1) * (curve_d() - 1) * (curve_d() - 1) - v);
  // SQRT_AD_MINUS_ONE is the odd root, which SQRT_RATIO_M1 never gives.
  const Integer sqrt_ad_minus_one = reduce(-sqrt_ratio_m1(-curve_d() - 1, 1).root);
  const Integer x_numerator = 2 * s * v;
  const Integer x_denominator = n * sqrt_ad_minus_one;
  const Integer y_numerator = 1 - s * s;
  const Integer y_denominator = 1 + s * s;
  return {reduce(x_numerator * y_denominator), reduce(y_numerator * x_denominator),
          reduce(x_denominator * y_denominator)};
}

}  // namespace

const Integer& field_prime() {
  static const Integer p = (Integer(1) << 255) - 19;
  return p;
}

const Integer& group_order() {
  static const Integer l = (Integer(1) << 252) + Integer("27742317777372353535851937790883648493");
  return l;
}

Integer modulo(const Integer& value, const Integer& modulus) {
  const Integer rest = value % modulus;
  return rest < 0 ? Integer(rest + modulus) : rest;
}

Integer from_little_endian(ByteView bytes) {
  Integer value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) {
    value = value << 8 | bytes[i];
  }
  return value;
}

Bytes to_little_endian(Integer value) {
  Bytes bytes(32);
  for (std::uint8_t& byte : bytes) {
    byte = static_cast<std::uint8_t>(value & 255);
    value >>= 8;
  }
  return bytes;
}

Root sqrt_ratio_m1(const Integer& u, const Integer& v) {
  const Integer ratio = reduce(u * inverse(v));  // 0 for v = 0
  // For a square q, q^((p+3)/8) or that times sqrt(-1) squares to q (p = 5 mod 8); else one squares to
  // sqrt(-1) q.
  for (const Integer& square : {ratio, reduce(ratio * sqrt_m1())}) {
    const Integer candidate = powm(square, (field_prime() + 3) / 8, field_prime());
    for (const Integer& root : {candidate, reduce(candidate * sqrt_m1())}) {
      if (reduce(root * root) == square) {
        return {square == ratio && (reduce(v) != 0 || reduce(u) == 0), absolute(root)};
      }
    }
  }
  return {false, 0};
}

Point generator() {
  const Integer y = reduce(4 * inverse(5));
  const Integer x =
      sqrt_ratio_m1(y * y - 1, curve_d() * y * y + 1).root;  // the even one, RFC 8032 section 5.1
  return {x, y, 1};
}

bool is_on_curve(const Point& p) {
  const Integer z_squared = p.z * p.z;
  return reduce(p.z) != 0 && reduce((p.y * p.y - p.x * p.x) * z_squared) ==
                                 reduce(z_squared * z_squared + curve_d() * p.x * p.x * p.y * p.y);
}

Point add(const Point& p, const Point& q) {
  const Integer a = reduce(p.z * q.z);
  const Integer b = reduce(a * a);
  const Integer c = reduce(p.x * q.x);
  const Integer d = reduce(p.y * q.y);
  const Integer e = reduce(curve_d() * c * d);
  const Integer f = b - e;
  const Integer g = b + e;
  return {reduce(a * f * ((p.x + p.y) * (q.x + q.y) - c - d)), reduce(a * g * (d + c)), reduce(f * g)};
}

Point negate(const Point& p) {
  return {reduce(-p.x), p.y, p.z};
}

Point multiply(const Integer& k, const Point& p) {
  Point sum;
  for (unsigned bit = k == 0 ? 0 : static_cast<unsigned>(msb(k)) + 1; bit-- > 0;) {
    sum = add(sum, sum);
    if (bit_test(k, bit)) {
      sum = add(sum, p);
    }
  }
  return sum;
}

std::optional<Point> decode(ByteView encoded) {
  const Integer s = from_little_endian(encoded);
  if (encoded.size() != 32 || s >= field_prime() || is_negative(s)) {
    return std::nullopt;
  }
  const Integer u1 = reduce(1 - s * s);
  const Integer u2 = reduce(1 + s * s);
  const Integer v = reduce(-(curve_d() * u1 * u1) - u2 * u2);
  const Root root = sqrt_ratio_m1(1, v * u2 * u2);
  const Integer den_x = root.root * u2;
  const Integer x = absolute(2 * s * den_x);
  const Integer y = reduce(u1 * reduce(root.root * reduce(den_x * v)));
  if (!root.was_square || is_negative(x * y) || y == 0) {
    return std::nullopt;
  }
  return Point{x, y, 1};
}

Bytes encode(const Point& p) {
  const Integer z_inverse = inverse(p.z);
  const Integer x0 = reduce(p.x * z_inverse);
  const Integer y0 = reduce(p.y * z_inverse);
  const Integer u1 = reduce(1 - y0 * y0);  // (z + y)(z - y) for z = 1
  const Integer u2 = reduce(x0 * y0);
  const Integer root = sqrt_ratio_m1(1, u1 * u2 * u2).root;
  const Integer den1 = reduce(root * u1);
  const Integer den2 = reduce(root * u2);
  const Integer z_inv = reduce(den1 * den2 * u2);
  const bool rotate = is_negative(u2 * z_inv);
  const Integer x = rotate ? reduce(y0 * sqrt_m1()) : x0;
  Integer y = rotate ? reduce(x0 * sqrt_m1()) : y0;
  const Integer den_inv = rotate ? reduce(den1 * sqrt_ratio_m1(1, -1 - curve_d()).root) : den2;
  if (is_negative(x * z_inv)) {
    y = reduce(-y);
  }
  return to_little_endian(absolute(den_inv * (1 - y)));
}

Point from_uniform(ByteView uniform) {
  const Integer low_bits = (Integer(1) << 255) - 1;
  const Integer first = from_little_endian(uniform.first(32)) & low_bits;
  const Integer second = from_little_endian(uniform.subspan(32)) & low_bits;
  return add(map(first), map(second));
}

}  // namespace blindbook::oracle
