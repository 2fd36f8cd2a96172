#pragma once

#include <cstdint>
#include <span>
#include <string_view>

/// What it costs to ask a service for every number of a country: the allowance is all that stands against it.
namespace blindbook::model {

/// One row of number_spaces.csv.
struct NumberSpace {
  std::string_view country;  ///< ISO 3166-1 alpha-2
  std::uint64_t numbers;     ///< how many there are to try
  std::string_view basis;    ///< what was counted: "assigned" or "mobile"
  std::string_view source;   ///< where the figure comes from
};

/// All of them, by country.
[[nodiscard]] std::span<const NumberSpace> number_spaces();

/// An account's allowance, in evaluations (docs/spec/protocol.md#allowance).
struct SweepAllowance {
  std::uint64_t initial = 0;
  std::uint64_t refill_per_day = 0;
};

inline constexpr std::uint64_t kNever = UINT64_MAX;

struct SweepCost {
  /// Fresh accounts that try all numbers together on their first day; kNever when a first allowance covers no
  /// batch.
  std::uint64_t accounts_at_once;
  /// Days until one account has tried them; 0 when its first allowance covers them, kNever without refill.
  std::uint64_t days_with_one_account;
};

/// Whole batches of 16, the smallest size, are what can be asked for.
[[nodiscard]] SweepCost sweep_cost(std::uint64_t numbers, const SweepAllowance& allowance);

}  // namespace blindbook::model
