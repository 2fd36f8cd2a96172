#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace blindbook::service {

/// Days that must have been counted before a ceiling follows the real use.
inline constexpr std::size_t kCeilingDays = 14;
/// Evaluations a day below which no ceiling falls, unless configured.
inline constexpr std::uint64_t kDefaultCeilingFloor = 10'000'000;

/// How many evaluations a day an issuer, or the whole service, may use: max(floor, 3 x the median of the last
/// 14 daily totals), and the floor alone while there are fewer than 14. It bounds what a thief of an issuer's
/// key can sweep. `totals` are those of the latest earlier days, in any order; the first 14 count.
[[nodiscard]] std::uint64_t daily_ceiling(std::uint64_t floor, std::span<const std::uint64_t> totals);

}  // namespace blindbook::service
