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
/// on: what it has of its own (k < 2^253) is 2^(252 - bits * i) at most, below 2^(bits-1) for all widths, and where it
/// has that, k - 2^252 < 2^125 hands it none. Positions beyond k get zeros. Digit i stands at digits[i / kLanes * stride + i % kLanes].
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

/// 1/Z of every point, from one shared inversion a lane. No Z is zero: the formulas are complete.
inline void invert_all_z(const ExtendedPoint* points, std::size_t count, Scratch<Field>& inverses) {
  Field product = one();
  Field z;
  for (std::size_t g = 0; g < groups_of(count); ++g) {
    load(z, points[g * kLanes].z, kPointWords, group_size(count - g * kLanes));
    inverses[g] = product;  // of all before this one, for now
    product = multiply(product, z);
  }
  Field inverse_of_rest = invert(product);
  for (std::size_t g = groups_of(count); g-- > 0;) {
    load(z, points[g * kLanes].z, kPointWords, group_size(count - g * kLanes));
    inverses[g] = multiply(inverse_of_rest, inverses[g]);
    inverse_of_rest = multiply(inverse_of_rest, z);
  }
}

/// The points as summands, with Z = 1. Those that were decoded have it already, but that is not looked for: it would be
/// a branch on coordinates, and those of a client's own elements are secret.
inline void msm_summands_vartime(const ExtendedPoint* points, std::size_t count, AffineLimbs* out) {
  Scratch<Field> inverses(groups_of(count));
  invert_all_z(points, count, inverses);
  for (std::size_t g = 0; g < groups_of(count); ++g) {
    const std::size_t size = group_size(count - g * kLanes);
    Field x;
    Field y;
    load(x, points[g * kLanes].x, kPointWords, size);
    load(y, points[g * kLanes].y, kPointWords, size);
    store_affine(multiply(x, inverses[g]), multiply(y, inverses[g]), out + g * kLanes,
                 sizeof(AffineLimbs) / sizeof(std::uint64_t), size);
  }
}

/// What a sum works on, in one piece: of several, the allocator gives the topmost back to the system after each sum,
/// and to get the pages again takes half as long as the sum itself.
class MsmMemory {
 public:
  MsmMemory(const MsmShape& shape, std::size_t count)
      : bucket_bytes_(shape.buckets() * kLanes * sizeof(Buckets::Item)),
        summand_bytes_(count * sizeof(AffineLimbs)),
        memory_(bucket_bytes_ + summand_bytes_ + shape.passes * count * kLanes * sizeof(std::int16_t)) {}

  [[nodiscard]] Buckets::Item* buckets() { return reinterpret_cast<Buckets::Item*>(&memory_[0]); }
  [[nodiscard]] AffineLimbs* summands() { return reinterpret_cast<AffineLimbs*>(&memory_[bucket_bytes_]); }
  [[nodiscard]] std::int16_t* digits() {
    return reinterpret_cast<std::int16_t*>(&memory_[bucket_bytes_ + summand_bytes_]);
  }

 private:
  std::size_t bucket_bytes_;
  std::size_t summand_bytes_;
  Scratch<std::byte> memory_;
};

/// Sum of digit * point for one position a lane: bucket b collects the points of digit b, and the running sum
/// from the top counts it b times. digits[i * kLanes] belongs to point i.
inline Extended msm_pass_vartime(const AffineLimbs* points, std::size_t count, const std::int16_t* digits,
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
    buckets.add(magnitude, negate_if(mask_of_bit(load_lanes(negative)), point));
  }
  Extended running = identity_point();
  Extended sum = identity_point();
  for (std::size_t b = shape.buckets(); --b > 0;) {
    if (!buckets.is_empty(b)) {
      add_to_extended(running, running, to_cached(buckets.of_magnitude(b)));
    }
    add_to_extended(sum, sum, to_cached(running));
  }
  return sum;
}

inline ExtendedPoint multi_scalar_multiply_vartime(const std::uint64_t (*k)[4], const ExtendedPoint* points,
                                                   std::size_t count) {
  const MsmShape shape = msm_shape_vartime(count);
  MsmMemory memory(shape, count);
  std::int16_t* const digits = memory.digits();
  for (std::size_t i = 0; i < count; ++i) {
    msm_digits_vartime(k[i], shape, count * kLanes, digits + i * kLanes);
  }
  msm_summands_vartime(points, count, memory.summands());
  Buckets buckets(memory.buckets(), shape.buckets());
  Scratch<ExtendedPoint> sums(shape.passes * kLanes);
  for (std::size_t pass = 0; pass < shape.passes; ++pass) {
    const Extended sum =
        msm_pass_vartime(memory.summands(), count, digits + pass * count * kLanes, shape, buckets);
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
