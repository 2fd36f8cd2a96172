#pragma once

#include "blindbook/group/recode.h"

// Multiplication of one fixed point by many secret scalars: no doublings, one table row set per digit
// position.
namespace blindbook::group::kernel::BLINDBOOK_KERNEL {

inline constexpr std::size_t kFixedRows = 16;

/// Row i of a position holds (i + 1) * 32^position * base.
struct FixedTable {
  PublicRows position[FixedDigits::kCount];
};

/// An Affine in radix 2^51.
using AffineLimbs = std::uint64_t[3][5];

BLINDBOOK_INLINE void store_affine(const Field& x, const Field& y, AffineLimbs* out, std::size_t stride,
                                   std::size_t count) {
  store(add(y, x), (*out)[0], stride, count);
  store(subtract(y, x), (*out)[1], stride, count);
  store(multiply(multiply(x, y), constant(kTwiceDLimbs)), (*out)[2], stride, count);
}

/// powers[i] = 32^i * base.
inline void powers_of_32(const ExtendedPoint& base, ExtendedPoint (&powers)[FixedDigits::kCount]) {
  Extended power = load_point(&base, 1);
  for (std::size_t position = 0; position < FixedDigits::kCount; ++position) {
    store_point(power, &powers[position], 1);
    Projective q = to_projective(power);
    for (int doubling = 0; doubling < 4; ++doubling) {
      double_in_place(q);
    }
    double_to_extended(power, q);
  }
}

/// The lanes take a position each.
inline void make_fixed_table(const ExtendedPoint& base, void* memory) {
  FixedTable& table = *static_cast<FixedTable*>(memory);
  constexpr std::size_t kGroups = (FixedDigits::kCount + kLanes - 1) / kLanes;
  ExtendedPoint powers[FixedDigits::kCount];
  powers_of_32(base, powers);

  // All 1/Z from one inversion: before[i] is the product of all Z before the i-th.
  Scratch<Extended> multiples(kGroups * kFixedRows);
  Scratch<Field> before(kGroups * kFixedRows);
  Field product = one();
  for (std::size_t group = 0; group < kGroups; ++group) {
    Extended* row = &multiples[group * kFixedRows];
    row[0] = load_point(powers + group * kLanes, group_size(FixedDigits::kCount - group * kLanes));
    const Cached step = to_cached(row[0]);
    for (std::size_t i = 0; i < kFixedRows; ++i) {
      if (i != 0) {
        add_to_extended(row[i], row[i - 1], step);
      }
      before[group * kFixedRows + i] = product;
      product = multiply(product, row[i].z);
    }
  }

  Scratch<AffineLimbs[kFixedRows]> limbs(kLanes);
  Field inverse_of_rest = invert(product);
  for (std::size_t group = kGroups; group-- > 0;) {
    const std::size_t size = group_size(FixedDigits::kCount - group * kLanes);
    for (std::size_t i = kFixedRows; i-- > 0;) {
      const Extended& p = multiples[group * kFixedRows + i];
      const Field z_inverse = multiply(inverse_of_rest, before[group * kFixedRows + i]);
      inverse_of_rest = multiply(inverse_of_rest, p.z);
      store_affine(multiply(p.x, z_inverse), multiply(p.y, z_inverse), &limbs[0][i],
                   sizeof(limbs[0]) / sizeof(std::uint64_t), size);
    }
    for (std::size_t lane = 0; lane < size; ++lane) {
      make_public_rows(table.position[group * kLanes + lane], limbs[lane]);
    }
  }
}

/// digit * 32^position * base; 0 is y + x = y - x = 1, 2dxy = 0.
BLINDBOOK_INLINE Affine fixed_multiple(const PublicRows& rows, const Digit& digit) {
  Triple q = {{one(), one(), zero()}};
  look_up(q, rows, digit);
  return negate_if(digit.negative, Affine{q.item[0], q.item[1], q.item[2]});
}

/// Scalars that go through the table together, so that its rows (2 KiB a position) are read from the
/// first-level cache.
inline constexpr std::size_t kFixedChunk = 32;

inline void multiply_fixed(const void* memory, const FixedDigits* k, std::size_t count, ExtendedPoint* out) {
  const FixedTable& table = *static_cast<const FixedTable*>(memory);
  constexpr std::size_t kGroups = (kFixedChunk + kLanes - 1) / kLanes;
  Extended sums[kGroups];
  for (std::size_t start = 0; start < count; start += kFixedChunk) {
    const std::size_t size = count - start < kFixedChunk ? count - start : kFixedChunk;
    for (std::size_t g = 0; g * kLanes < size; ++g) {
      sums[g] = identity_point();
    }
    for (std::size_t position = 0; position < FixedDigits::kCount; ++position) {
      for (std::size_t g = 0; g * kLanes < size; ++g) {
        const std::size_t at = g * kLanes;
        const Digit digit =
            load_digit(&k[start + at].digit[position], sizeof(FixedDigits), group_size(size - at));
        add_to_extended(sums[g], sums[g], fixed_multiple(table.position[position], digit));
      }
    }
    for (std::size_t g = 0; g * kLanes < size; ++g) {
      store_point(sums[g], out + start + g * kLanes, group_size(size - g * kLanes));
    }
  }
  wipe_value(sums);
}

}  // namespace blindbook::group::kernel::BLINDBOOK_KERNEL
