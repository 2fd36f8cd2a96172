#pragma once

#include "blindbook/group/kernel/common/memory.inl"

#include "tests/oracle/probe/probe.h"

namespace blindbook::group::kernel::BLINDBOOK_KERNEL {
namespace {

template <unsigned Quarters>
Bounded<Quarters> raw_in(const std::uint64_t* limbs) {
  Bounded<Quarters> a;
  for (std::size_t i = 0; i < kLimbs; ++i) {
    a.limb[i] = load_words(limbs + i, kLimbs, kLanes);
  }
  return a;
}
template <unsigned Quarters>
void raw_out(const Bounded<Quarters>& a, std::uint64_t* limbs) {
  for (std::size_t i = 0; i < kLimbs; ++i) {
    store_words(a.limb[i], limbs + i, kLimbs, kLanes);
  }
}

void probe_multiply(const std::uint64_t* a, const std::uint64_t* b, std::uint64_t* out) {
  raw_out(multiply(raw_in<kOperandQuarters>(a), raw_in<kOperandQuarters>(b)), out);
}
void probe_square(const std::uint64_t* a, std::uint64_t* out) {
  raw_out(square(raw_in<kOperandQuarters>(a)), out);
}
void probe_carry(const std::uint64_t* a, std::uint64_t* out) {
  raw_out(carry(raw_in<kLargestQuarters>(a)), out);
}
void probe_canonical(const std::uint64_t* a, std::uint64_t* out) {
  raw_out(canonical(raw_in<5>(a)), out);
}
std::uint64_t probe_is_negative(const std::uint64_t* a) {
  return lane_bits(is_negative(raw_in<5>(a)));
}
std::uint64_t probe_is_zero(const std::uint64_t* a) {
  return lane_bits(is_zero(raw_in<5>(a)));
}
void probe_subtract(const std::uint64_t* a, const std::uint64_t* b, std::uint64_t* out) {
  raw_out(subtract(raw_in<5>(a), raw_in<5>(b)), out);
}
void probe_subtract_products(const std::uint64_t* a, const std::uint64_t* b, std::uint64_t* out) {
  raw_out(subtract(raw_in<kProductQuarters>(a), raw_in<kProductQuarters>(b)), out);
}
void probe_negate_product(const std::uint64_t* b, std::uint64_t* out) {
  raw_out(negate(raw_in<kProductQuarters>(b)), out);
}
void probe_select(std::uint64_t bits, const std::uint64_t* a, const std::uint64_t* b, std::uint64_t* out) {
  std::uint64_t lanes[kLanes];
  for (std::size_t i = 0; i < kLanes; ++i) {
    lanes[i] = bits >> i & 1;
  }
  raw_out(select(mask_of_bit(load_words(lanes, 1, kLanes)), raw_in<5>(a), raw_in<5>(b)), out);
}
void probe_load_bytes(const std::uint8_t* bytes, std::size_t stride, std::size_t count, std::uint64_t* out) {
  raw_out(load_bytes(bytes, stride, count), out);
}
void probe_store_bytes(const std::uint64_t* a, std::size_t stride, std::size_t count, std::uint8_t* bytes) {
  store_bytes(raw_in<5>(a), bytes, stride, count);
}
std::uint64_t probe_are_canonical(const std::uint8_t* bytes, std::size_t stride, std::size_t count) {
  return lane_bits(are_canonical(bytes, stride, count));
}
void probe_store_and_load(const std::uint64_t* a, std::uint64_t* memory, std::uint64_t* out) {
  store(raw_in<5>(a), memory, 5, kLanes);
  Field back;
  load(back, memory, 5, kLanes);
  raw_out(back, out);
}

/// Whether all limbs of the three elements are the same in each lane, which then is the row's number.
bool row_number(const Triple& row, std::uint64_t* number) {
  std::uint64_t other[kLanes];
  store_words(row.item[0].limb[0], number, 1, kLanes);
  bool same = true;
  for (const Field& item : row.item) {
    for (std::size_t i = 0; i < kLimbs; ++i) {
      store_words(item.limb[i], other, 1, kLanes);
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        same = same && other[lane] == number[lane];
      }
    }
  }
  return same;
}
Triple triple_of(std::uint64_t value) {
  Triple out;
  for (Field& item : out.item) {
    for (Words& limb : item.limb) {
      limb = splat(value);
    }
  }
  return out;
}

bool probe_look_up(const std::int8_t* digits, std::size_t stride, std::size_t count,
                   std::uint64_t* magnitudes, std::uint64_t* negative_bits) {
  Triple table[8];
  for (std::size_t row = 0; row < 8; ++row) {
    table[row] = triple_of(row + 1);
  }
  const Digit digit = load_digit(digits, stride, count);
  Triple out = triple_of(0);
  look_up(out, table, digit);
  *negative_bits = lane_bits(digit.negative);
  return row_number(out, magnitudes);
}

bool probe_look_up_public(const std::int8_t* digits, std::size_t count, std::uint64_t* magnitudes) {
  std::uint64_t limbs[16][3][5];
  for (std::uint64_t row = 0; row < 16; ++row) {
    for (auto& item : limbs[row]) {
      for (std::uint64_t& limb : item) {
        // Where limbs are split both halves are the number.
        limb = kSplitLimbs ? (row + 1) << limb_bits(0) | (row + 1) : row + 1;
      }
    }
  }
  PublicRows rows;
  make_public_rows(rows, limbs);
  Triple out = triple_of(0);
  look_up(out, rows, load_digit(digits, 1, count));
  return row_number(out, magnitudes);
}

}  // namespace

extern const oracle::FieldProbe kFieldProbe;
constinit const oracle::FieldProbe kFieldProbe = {
    .name = BLINDBOOK_KERNEL_NAME,
    .lanes = kLanes,
    .limbs = kLimbs,
    .limb_bits = limb_bits,
    .field_quarters = 5,
    .operand_quarters = kOperandQuarters,
    .product_quarters = kProductQuarters,
    .largest_quarters = kLargestQuarters,
    .multiply = probe_multiply,
    .square = probe_square,
    .carry = probe_carry,
    .canonical = probe_canonical,
    .is_negative = probe_is_negative,
    .is_zero = probe_is_zero,
    .subtract = probe_subtract,
    .subtract_products = probe_subtract_products,
    .negate_product = probe_negate_product,
    .select = probe_select,
    .load_bytes = probe_load_bytes,
    .store_bytes = probe_store_bytes,
    .are_canonical = probe_are_canonical,
    .store_and_load = probe_store_and_load,
    .look_up = probe_look_up,
    .look_up_public = probe_look_up_public,
};

}  // namespace blindbook::group::kernel::BLINDBOOK_KERNEL
