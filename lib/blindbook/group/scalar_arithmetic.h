#pragma once

#include <cstdint>
#include <span>

#include "blindbook/group/recode.h"

/// Integers modulo l = 2^252 + 27742317777372353535851937790883648493, the order of ristretto255. Every
/// argument and result is below l, least significant word first, unless said otherwise. Everything is
/// constant time. Callers wipe what they pass and get; intermediate words stay in registers, and in frames
/// that the suite wipes when they are dead (base/dead_stack.h).
namespace blindbook::group::scalar {

inline constexpr ScalarWords kOrder = {0x5812631a5cf5d3edU, 0x14def9dea2f79cd6U, 0, 0x1000000000000000U};

[[nodiscard]] ScalarWords add(const ScalarWords& a, const ScalarWords& b) noexcept;
[[nodiscard]] ScalarWords subtract(const ScalarWords& a, const ScalarWords& b) noexcept;
[[nodiscard]] ScalarWords multiply(const ScalarWords& a, const ScalarWords& b) noexcept;
/// 1/a by Fermat's theorem; 0 for 0.
[[nodiscard]] ScalarWords invert(const ScalarWords& a) noexcept;
/// a/2: the b with b + b = a.
[[nodiscard]] ScalarWords halve(const ScalarWords& a) noexcept;
/// The 512-bit little-endian integer `bytes` modulo l.
[[nodiscard]] ScalarWords reduce(std::span<const std::uint8_t, 64> bytes) noexcept;
/// The 256-bit little-endian integer `bytes`, not reduced.
[[nodiscard]] ScalarWords load(std::span<const std::uint8_t, 32> bytes) noexcept;
void store(const ScalarWords& a, std::span<std::uint8_t, 32> out) noexcept;
/// Whether any 256-bit integer is below l.
[[nodiscard]] bool is_canonical(const ScalarWords& a) noexcept;
[[nodiscard]] bool is_zero(const ScalarWords& a) noexcept;
/// All ones when a > l/2, else zero.
[[nodiscard]] std::uint64_t above_half_mask(const ScalarWords& a) noexcept;

}  // namespace blindbook::group::scalar
