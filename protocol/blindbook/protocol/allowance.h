#pragma once

#include <cstdint>
#include <variant>

#include "blindbook/base/types.h"

/// The allowance that stops enumeration, as pure functions of (state, cost, now): a leaky bucket counted in
/// 1/86400 of an evaluation, so that an account that asks often loses no refill to rounding.
namespace blindbook::protocol {

/// All in whole evaluations.
struct AllowancePolicy {
  std::uint32_t initial = 8'192;       ///< level of an account never seen before
  std::uint32_t capacity = 16'384;     ///< level above which nothing is added
  std::uint32_t refill_per_day = 320;  ///< added per 86,400 s, continuously
  friend bool operator==(const AllowancePolicy&, const AllowancePolicy&) = default;
};

/// Labels resolved on use, counted as evaluations are, in a bucket of their own: a constant of v1.
inline constexpr AllowancePolicy kLabelAllowance{.initial = 32, .capacity = 256, .refill_per_day = 32};

/// Level units of one evaluation.
inline constexpr std::uint64_t kLevelPerEvaluation = 86'400;

struct AllowanceState {
  std::uint64_t level = 0;  ///< 1/86400 of an evaluation
  UnixTime refilled_at;     ///< never goes back
  friend bool operator==(const AllowanceState&, const AllowanceState&) = default;
};

struct Granted {
  AllowanceState after;
};

struct Refused {
  AllowanceState current;  ///< refilled to now, nothing taken
  /// Seconds until `cost` would be covered; the maximum of uint64 when it never will (cost above capacity or
  /// no refill).
  std::uint64_t retry_after_seconds;
};

[[nodiscard]] AllowanceState new_account(const AllowancePolicy& policy, UnixTime now);

/// The state at `now`. Time that runs backwards adds nothing.
[[nodiscard]] AllowanceState refill(const AllowancePolicy& policy, const AllowanceState& state, UnixTime now);

/// Refills to `now`, then takes `cost` evaluations or nothing.
[[nodiscard]] std::variant<Granted, Refused> spend(const AllowancePolicy& policy, const AllowanceState& state,
                                                   std::uint32_t cost, UnixTime now);

/// Whole evaluations that `state` covers.
[[nodiscard]] std::uint32_t whole_evaluations(const AllowanceState& state);

}  // namespace blindbook::protocol
