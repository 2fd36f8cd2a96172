#pragma once

#include "blindbook/group/kernel/scalar51/memory.h"

#include "tests/oracle/checked/field.h"

/// Bytes, digits and table look-ups of the checked kernel.
namespace blindbook::group::kernel::checked {

using scalar51::are_canonical;

struct Digit {
  std::uint64_t magnitude;
  Mask negative;
};

inline Digit load_digit(const std::int8_t* digits, std::size_t stride, std::size_t count) {
  const scalar51::Digit digit = scalar51::load_digit(digits, stride, count);
  return {digit.magnitude, digit.negative};
}

inline void load_bytes(Field& out, const std::uint8_t* bytes, std::size_t stride, std::size_t count) {
  scalar51::Field value;
  scalar51::load_bytes(value, bytes, stride, count);
  out = bounded(value, kCanonicalMax);
}
inline void store_bytes(const Field& a, std::uint8_t* bytes, std::size_t stride, std::size_t count) {
  require_loose(a);
  scalar51::store_bytes(a.value, bytes, stride, count);
}

/// The row's limbs, under the bounds of the largest row: any digit may have been asked for.
template <std::size_t Rows, std::size_t Fields>
inline void look_up(Field (&out)[Fields], const Field (*table)[Fields], const Digit& digit) {
  for (std::size_t i = 0; i < Fields; ++i) {
    out[i] = {{0, 0, 0, 0, 0}, 0, 0};
    for (std::size_t row = 0; row < Rows; ++row) {
      out[i].low = std::max(out[i].low, table[row][i].low);
      out[i].high = std::max(out[i].high, table[row][i].high);
    }
    if (digit.magnitude != 0) {
      out[i].value = table[digit.magnitude - 1][i].value;
    }
  }
}

inline Field if_zero(const Digit& digit, std::uint64_t value) {
  return bounded({digit.magnitude == 0 ? value : 0, 0, 0, 0, 0}, value, 0);
}

}  // namespace blindbook::group::kernel::checked
