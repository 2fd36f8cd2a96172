#pragma once

#include <cstddef>
#include <cstdint>

// Sum of k[i] * P[i] for public data: Pippenger's buckets with signed digits. Each lane takes a digit position
// with buckets of its own, so one summand, the same in all lanes, goes into as many buckets as there are lanes.
// Variable time throughout.
namespace blindbook::group::kernel::BLINDBOOK_KERNEL {

inline constexpr unsigned kScalarBits = 253;

/// How scalars are cut: `passes` times kLanes digits of `bits` bits.
struct MsmShape {
  unsigned bits;
  std::size_t passes;

  /// Magnitudes 1 .. 2^(bits - 1); that of no digit collects in bucket 0, which no one reads.
  [[nodiscard]] std::size_t buckets() const { return (std::size_t{1} << (bits - 1)) + 1; }
};

/// The shape with the fewest additions: each pass takes one per point and two per bucket.
inline MsmShape msm_shape_vartime(std::size_t count) {
  MsmShape best{};
  std::size_t fewest = ~std::size_t{0};
  for (unsigned bits = 2; bits <= 13; ++bits) {
    const MsmShape shape{bits, groups_of(kScalarBits / bits + 1)};
    const std::size_t additions = shape.passes * (count + 2 * (shape.buckets() - 1));
    if (additions < fewest) {
      fewest = additions;
      best = shape;
    }
  }
  return best;
}

/// k as sum of digit[i] * 2^(bits * i), digits in [-2^(bits-1), 2^(bits-1)). The top digit passes no carry
/// on: it is at most 1 of its own (k < 2^253), and where it is 1, k - 2^252 < 2^125 hands it none. Positions
/// beyond k get zeros. Digit i stands at digits[i / kLanes * stride + i % kLanes].
inline void msm_digits_vartime(const std::uint64_t (&k)[4], const MsmShape& shape, std::size_t stride,
                               std::int16_t* digits) {
  int carry_in = 0;
  for (std::size_t i = 0; i < shape.passes * kLanes; ++i) {
    const std::size_t at = i * shape.bits;
    const std::size_t shift = at % 64;
    std::uint64_t word = at < 256 ? k[at / 64] >> shift : 0;
    if (shift + shape.bits > 64 && at / 64 + 1 < 4) {
      word |= k[at / 64 + 1] << (64 - shift);
    }
    int digit = static_cast<int>(word & ((1U << shape.bits) - 1)) + carry_in;
    carry_in = digit >> (shape.bits - 1) != 0 ? 1 : 0;
    digit -= carry_in << shape.bits;
    digits[i / kLanes * stride + i % kLanes] = static_cast<std::int16_t>(digit);
  }
}

/// The points with Z = 1, from one shared inversion a lane.
inline void msm_summands_vartime(const ExtendedPoint* points, std::size_t count, Scratch<AffineLimbs>& out) {
  Scratch<Field> before(groups_of(count));
  Field product = one();
  for (std::size_t g = 0; g < groups_of(count); ++g) {
    Field z;
    load(z, points[g * kLanes].z, kPointWords, group_size(count - g * kLanes));
    before[g] = product;
    product = multiply(product, z);
  }
  Field inverse_of_rest = invert(product);
  for (std::size_t g = groups_of(count); g-- > 0;) {
    const std::size_t size = group_size(count - g * kLanes);
    const Extended p = load_point(points + g * kLanes, size);
    const Field z_inverse = multiply(inverse_of_rest, before[g]);
    inverse_of_rest = multiply(inverse_of_rest, p.z);
    store_affine(multiply(p.x, z_inverse), multiply(p.y, z_inverse), &out[g * kLanes],
                 sizeof(AffineLimbs) / sizeof(std::uint64_t), size);
  }
}

/// The buckets of all lanes.
class Buckets {
 public:
  explicit Buckets(std::size_t each) : each_(each), points_(each * kLanes) {}

  void clear() {
    for (std::size_t i = 0; i < each_ * kLanes; ++i) {
      points_[i] = {{0}, {1}, {1}, {0}};
    }
  }
  /// Where the bucket of each lane's magnitude begins.
  [[nodiscard]] Words offsets(const std::uint64_t (&magnitudes)[kLanes]) const {
    std::uint64_t offsets[kLanes];
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      offsets[lane] = (lane * each_ + magnitudes[lane]) * kPointWords;
    }
    return load_lanes(offsets);
  }
  [[nodiscard]] Extended load(Words offsets) {
    Extended p;
    const Words at = offsets;
    load_field(p.x, points_[0].x, at);
    load_field(p.y, points_[0].y, at);
    load_field(p.z, points_[0].z, at);
    load_field(p.t, points_[0].t, at);
    return p;
  }
  void store(const Extended& p, Words offsets) {
    store_field(p.x, points_[0].x, offsets);
    store_field(p.y, points_[0].y, offsets);
    store_field(p.z, points_[0].z, offsets);
    store_field(p.t, points_[0].t, offsets);
  }

 private:
  static void load_field(Field& out, const std::uint64_t* first, Words offsets) {
    for (std::size_t i = 0; i < 5; ++i) {
      set_limbs(out, i, load_at(first + i, offsets));
    }
  }
  static void store_field(const Field& a, std::uint64_t* first, Words offsets) {
    for (std::size_t i = 0; i < 5; ++i) {
      store_at(word_of_limbs(a, i), first + i, offsets);
    }
  }

  std::size_t each_;
  Scratch<ExtendedPoint> points_;
};

/// Sum of digit * point for one position a lane: bucket b collects the points of digit b, and the running sum
/// from the top counts it b times. digits[i * kLanes] belongs to point i.
inline Extended msm_pass_vartime(Scratch<AffineLimbs>& points, std::size_t count, const std::int16_t* digits,
                                 const MsmShape& shape, Buckets& buckets) {
  buckets.clear();
  for (std::size_t i = 0; i < count; ++i) {
    std::uint64_t magnitude[kLanes];
    std::uint64_t negative[kLanes];
    std::uint64_t any = 0;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const int digit = digits[i * kLanes + lane];
      magnitude[lane] = static_cast<std::uint64_t>(digit < 0 ? -digit : digit);
      negative[lane] = digit < 0 ? 1 : 0;
      any |= magnitude[lane];
    }
    if (any == 0) {
      continue;
    }
    Field item[3];
    for (std::size_t f = 0; f < 3; ++f) {
      broadcast(item[f], points[i][f]);
    }
    const Affine point = {item[0], item[1], item[2]};
    const Words offsets = buckets.offsets(magnitude);
    Extended sum = buckets.load(offsets);
    add_to_extended(sum, sum, negate_if(mask_of_bit(load_lanes(negative)), point));
    buckets.store(sum, offsets);
  }
  Extended running = identity_point();
  Extended sum = identity_point();
  for (std::size_t b = shape.buckets(); --b > 0;) {
    std::uint64_t magnitude[kLanes];
    for (std::uint64_t& each : magnitude) {
      each = b;
    }
    add_to_extended(running, running, to_cached(buckets.load(buckets.offsets(magnitude))));
    add_to_extended(sum, sum, to_cached(running));
  }
  return sum;
}

inline ExtendedPoint multi_scalar_multiply_vartime(const std::uint64_t (*k)[4], const ExtendedPoint* points,
                                                   std::size_t count) {
  const MsmShape shape = msm_shape_vartime(count);
  Scratch<std::int16_t> digits(shape.passes * count * kLanes + 1);
  for (std::size_t i = 0; i < count; ++i) {
    msm_digits_vartime(k[i], shape, count * kLanes, &digits[i * kLanes]);
  }
  Scratch<AffineLimbs> summands(count);
  msm_summands_vartime(points, count, summands);
  Buckets buckets(shape.buckets());
  Scratch<ExtendedPoint> sums(shape.passes * kLanes);
  for (std::size_t pass = 0; pass < shape.passes; ++pass) {
    const Extended sum = msm_pass_vartime(summands, count, &digits[pass * count * kLanes], shape, buckets);
    store_point(sum, &sums[pass * kLanes], kLanes);
  }
  Extended total = identity_point();
  for (std::size_t position = shape.passes * kLanes; position-- > 0;) {
    for (unsigned n = 0; n < shape.bits; ++n) {
      double_to_extended(total, to_projective(total));
    }
    add_to_extended(total, total, to_cached(load_point(&sums[position], 1)));
  }
  ExtendedPoint out;
  store_point(total, &out, 1);
  return out;
}

}  // namespace blindbook::group::kernel::BLINDBOOK_KERNEL
