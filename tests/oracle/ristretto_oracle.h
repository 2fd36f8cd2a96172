#pragma once

#include <optional>

#include <boost/multiprecision/cpp_int.hpp>

#include "blindbook/base/bytes.h"

/// ristretto255 once more, slowly, from RFC 9496 and plain big integers. Shares no code and no formula for
/// curve addition with the product: points are projective, added by the unified formula of Bernstein,
/// Birkner, Joye, Lange and Peters ("Twisted Edwards Curves", 2008). Neither constant time nor fit for
/// secrets.
namespace blindbook::oracle {

using Integer = boost::multiprecision::cpp_int;

/// 2^255 - 19.
[[nodiscard]] const Integer& field_prime();
/// 2^252 + 27742317777372353535851937790883648493.
[[nodiscard]] const Integer& group_order();

/// `value` modulo `modulus`, not negative.
[[nodiscard]] Integer modulo(const Integer& value, const Integer& modulus);
[[nodiscard]] Integer from_little_endian(ByteView bytes);
/// 32 bytes.
[[nodiscard]] Bytes to_little_endian(Integer value);

struct Root {
  bool was_square;
  Integer root;
};
/// SQRT_RATIO_M1 of RFC 9496 section 4.2.
[[nodiscard]] Root sqrt_ratio_m1(const Integer& u, const Integer& v);

/// x/z, y/z on -x^2 + y^2 = 1 + d x^2 y^2.
struct Point {
  Integer x = 0;
  Integer y = 1;
  Integer z = 1;
};

[[nodiscard]] Point generator();
[[nodiscard]] bool is_on_curve(const Point& p);
[[nodiscard]] Point add(const Point& a, const Point& b);
[[nodiscard]] Point negate(const Point& a);
/// k >= 0, any size.
[[nodiscard]] Point multiply(const Integer& k, const Point& p);

/// RFC 9496 section 4.3.1; accepts the identity, as that section does.
[[nodiscard]] std::optional<Point> decode(ByteView encoded);
/// RFC 9496 section 4.3.2.
[[nodiscard]] Bytes encode(const Point& p);
/// RFC 9496 section 4.3.4, 64 bytes.
[[nodiscard]] Point from_uniform(ByteView uniform);

}  // namespace blindbook::oracle
