#pragma once

#include "blindbook/group/recode.h"

// Multiplication of one fixed point by many secret scalars: no doublings, one table row set per digit
// position.
namespace blindbook::group::kernel::BLINDBOOK_KERNEL {

inline constexpr std::size_t kFixedRows = 16;

/// row[position][i] = (i + 1) * 32^position * base.
struct FixedTable {
  Affine row[FixedDigits::kCount][kFixedRows];
};

inline void make_fixed_table(const ExtendedPoint& base, void* memory) {
  FixedTable& table = *static_cast<FixedTable*>(memory);
  constexpr std::size_t kPoints = FixedDigits::kCount * kFixedRows;
  Scratch<Extended> multiples(kPoints);
  Extended power = load_point(&base, 1);
  for (std::size_t position = 0; position < FixedDigits::kCount; ++position) {
    Extended* row = &multiples[position * kFixedRows];
    const Cached step = to_cached(power);
    row[0] = power;
    for (std::size_t i = 1; i < kFixedRows; ++i) {
      add_to_extended(row[i], row[i - 1], step);
    }
    double_to_extended(power, to_projective(row[kFixedRows - 1]));
  }

  // All 1/Z from one inversion: before[i] is the product of all Z before the i-th.
  Scratch<Field> before(kPoints);
  Field product = one();
  for (std::size_t i = 0; i < kPoints; ++i) {
    before[i] = product;
    product = multiply(product, multiples[i].z);
  }
  Field inverse_of_rest = invert(product);
  for (std::size_t i = kPoints; i-- > 0;) {
    const Extended& p = multiples[i];
    const Field z_inverse = multiply(inverse_of_rest, before[i]);
    inverse_of_rest = multiply(inverse_of_rest, p.z);
    const Field x = multiply(p.x, z_inverse);
    const Field y = multiply(p.y, z_inverse);
    table.row[i / kFixedRows][i % kFixedRows] = {
        {carry(add(y, x)), carry(subtract<2>(y, x)), multiply(multiply(x, y), constant(kTwiceDLimbs))}};
  }
}

/// digit * 32^position * base; 0 is y + x = y - x = 1, 2dxy = 0.
BLINDBOOK_INLINE Affine fixed_multiple(const Affine (&row)[kFixedRows], const Digit& digit) {
  Affine q;
  look_up<kFixedRows>(q.item, &row[0].item, digit);
  q.item[0] = add(q.item[0], if_zero(digit, 1));
  q.item[1] = add(q.item[1], if_zero(digit, 1));
  return negate_if(digit.negative, q);
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
        add_to_extended(sums[g], sums[g], fixed_multiple(table.row[position], digit));
      }
    }
    for (std::size_t g = 0; g * kLanes < size; ++g) {
      store_point(sums[g], out + start + g * kLanes, group_size(size - g * kLanes));
    }
  }
  wipe_value(sums);
}

}  // namespace blindbook::group::kernel::BLINDBOOK_KERNEL
