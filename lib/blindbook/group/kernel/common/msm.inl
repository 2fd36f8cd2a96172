#pragma once

#include <cstddef>
#include <cstdint>

// Sum of k[i] * P[i] for public data: Pippenger's buckets with signed digits. One lane. Variable time
// throughout.
namespace blindbook::group::kernel::BLINDBOOK_KERNEL {

inline constexpr unsigned kScalarBits = 253;

/// Bits per digit with the fewest additions: each of 253 / c positions takes one per point and two per
/// bucket.
inline unsigned msm_digit_bits_vartime(std::size_t count) {
  unsigned best = 2;
  std::size_t fewest = ~std::size_t{0};
  for (unsigned bits = 2; bits <= 13; ++bits) {
    const std::size_t additions = (kScalarBits / bits + 1) * (count + (std::size_t{2} << (bits - 1)));
    if (additions < fewest) {
      fewest = additions;
      best = bits;
    }
  }
  return best;
}

/// k as sum of digit[i] * 2^(bits * i), digits in [-2^(bits-1), 2^(bits-1)). The top digit passes no carry
/// on: it is at most 1 of its own (k < 2^253), and where it is 1, k - 2^252 < 2^125 hands it none.
inline void msm_digits_vartime(const std::uint64_t (&k)[4], unsigned bits, unsigned positions,
                               std::int16_t* digits) {
  int carry_in = 0;
  for (unsigned i = 0; i < positions; ++i) {
    const unsigned at = i * bits;
    const unsigned shift = at % 64;
    std::uint64_t word = at < 256 ? k[at / 64] >> shift : 0;
    if (shift + bits > 64 && at / 64 + 1 < 4) {
      word |= k[at / 64 + 1] << (64 - shift);
    }
    int digit = static_cast<int>(word & ((1U << bits) - 1)) + carry_in;
    carry_in = digit >> (bits - 1) != 0 ? 1 : 0;
    digit -= carry_in << bits;
    digits[i] = static_cast<std::int16_t>(digit);
  }
}

/// A summand and, for the first point in a bucket, the same as Extended.
struct MsmPoint {
  Extended extended;  // Z = 1
  Affine affine;
};

inline void msm_points_vartime(const ExtendedPoint* points, std::size_t count, Scratch<MsmPoint>& out) {
  Scratch<Field> before(count);
  Field product = one();
  for (std::size_t i = 0; i < count; ++i) {
    out[i].extended = load_point(points + i, 1);
    before[i] = product;
    product = multiply(product, out[i].extended.z);
  }
  Field inverse_of_rest = invert(product);
  for (std::size_t i = count; i-- > 0;) {
    Extended& p = out[i].extended;
    const Field z_inverse = multiply(inverse_of_rest, before[i]);
    inverse_of_rest = multiply(inverse_of_rest, p.z);
    const Field x = multiply(p.x, z_inverse);
    const Field y = multiply(p.y, z_inverse);
    p = {x, y, one(), multiply(x, y)};
    out[i].affine = {{add(y, x), subtract<2>(y, x), multiply(p.t, constant(kTwiceDLimbs))}};
  }
}

/// Sum of digit * point over one position: bucket b collects the points of digit b + 1, and the running sum
/// from the top counts bucket b b + 1 times.
inline Extended msm_position_vartime(Scratch<MsmPoint>& points, std::size_t count, const std::int16_t* digits,
                                     std::size_t stride, Scratch<Extended>& buckets, Scratch<bool>& used,
                                     std::size_t bucket_count) {
  for (std::size_t b = 0; b < bucket_count; ++b) {
    used[b] = false;
  }
  for (std::size_t i = 0; i < count; ++i) {
    const int digit = digits[i * stride];
    if (digit == 0) {
      continue;
    }
    const std::size_t b = static_cast<std::size_t>(digit < 0 ? -digit : digit) - 1;
    if (used[b]) {
      const Affine& q = points[i].affine;
      add_to_extended(buckets[b], buckets[b], digit < 0 ? negate_if(~Mask{0}, q) : q);
    } else {
      buckets[b] = digit < 0 ? negate_point(points[i].extended) : points[i].extended;
      used[b] = true;
    }
  }
  Extended running = identity_point();
  Extended sum = identity_point();
  for (std::size_t b = bucket_count; b-- > 0;) {
    if (used[b]) {
      add_to_extended(running, running, to_cached(buckets[b]));
    }
    add_to_extended(sum, sum, to_cached(running));
  }
  return sum;
}

inline ExtendedPoint multi_scalar_multiply_vartime(const std::uint64_t (*k)[4], const ExtendedPoint* points,
                                                   std::size_t count) {
  const unsigned bits = msm_digit_bits_vartime(count);
  const unsigned positions = kScalarBits / bits + 1;
  const std::size_t bucket_count = std::size_t{1} << (bits - 1);
  Scratch<std::int16_t> digits(count * positions + 1);
  for (std::size_t i = 0; i < count; ++i) {
    msm_digits_vartime(k[i], bits, positions, &digits[i * positions]);
  }
  Scratch<MsmPoint> summands(count);
  msm_points_vartime(points, count, summands);
  Scratch<Extended> buckets(bucket_count);
  Scratch<bool> used(bucket_count);
  Extended total = identity_point();
  for (unsigned position = positions; position-- > 0;) {
    for (unsigned n = 0; n < bits; ++n) {
      double_to_extended(total, to_projective(total));
    }
    const Extended sum =
        msm_position_vartime(summands, count, &digits[position], positions, buckets, used, bucket_count);
    add_to_extended(total, total, to_cached(sum));
  }
  ExtendedPoint out;
  store_point(total, &out, 1);
  return out;
}

}  // namespace blindbook::group::kernel::BLINDBOOK_KERNEL
