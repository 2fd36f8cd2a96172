#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace blindbook::group {

/// An integer below l in four words, least significant first.
using ScalarWords = std::array<std::uint64_t, 4>;

/// k modulo l as sum of digit[i] * 16^i with digits in [-8, 8].
struct WindowDigits {
  static constexpr std::size_t kCount = 63;
  std::int8_t digit[kCount];
};

/// k as sum of digit[i] * 32^i with digits in [-16, 16].
struct FixedDigits {
  static constexpr std::size_t kCount = 51;
  std::int8_t digit[kCount];
};

/// Constant time. 63 digits hold magnitudes up to 8 * (16^63 - 1) / 15 > l / 2, so k above l / 2 is written
/// as the negative of l - k: one window less than 253 bits would need.
void recode(const ScalarWords& k, WindowDigits& out) noexcept;
/// Constant time. 5 * 51 = 255 bits, so the top digit takes the last carry.
void recode(const ScalarWords& k, FixedDigits& out) noexcept;

}  // namespace blindbook::group
