#include "blindbook/protocol/allowance.h"

#include <algorithm>
#include <limits>

namespace blindbook::protocol {
namespace {

constexpr std::uint64_t level_of(std::uint64_t evaluations) {
  return evaluations * kLevelPerEvaluation;
}

}  // namespace

AllowanceState new_account(const AllowancePolicy& policy, UnixTime now) {
  return {.level = level_of(std::min(policy.initial, policy.capacity)), .refilled_at = now};
}

AllowanceState refill(const AllowancePolicy& policy, const AllowanceState& state, UnixTime now) {
  if (now <= state.refilled_at) {
    return state;
  }
  const std::uint64_t capacity = level_of(policy.capacity);
  if (state.level >= capacity) {
    // A policy that was tightened later takes nothing away at once; it only adds no more.
    return {.level = state.level, .refilled_at = now};
  }
  // One second adds refill_per_day/86400 evaluations, which is refill_per_day level units.
  const std::uint64_t seconds = now.value() - state.refilled_at.value();
  const std::uint64_t room = capacity - state.level;
  const bool fills = policy.refill_per_day != 0 && seconds >= room / policy.refill_per_day + 1;
  const std::uint64_t added = fills ? room : std::min<std::uint64_t>(room, seconds * policy.refill_per_day);
  return {.level = state.level + added, .refilled_at = now};
}

std::variant<Granted, Refused> spend(const AllowancePolicy& policy, const AllowanceState& state,
                                     std::uint32_t cost, UnixTime now) {
  AllowanceState current = refill(policy, state, now);
  const std::uint64_t price = level_of(cost);
  if (current.level >= price) {
    current.level -= price;
    return Granted{current};
  }
  const bool never = cost > policy.capacity || policy.refill_per_day == 0;
  const std::uint64_t missing = price - current.level;
  return Refused{.current = current,
                 .retry_after_seconds = never
                                            ? std::numeric_limits<std::uint64_t>::max()
                                            : (missing + policy.refill_per_day - 1) / policy.refill_per_day};
}

std::uint32_t whole_evaluations(const AllowanceState& state) {
  return static_cast<std::uint32_t>(
      std::min<std::uint64_t>(state.level / kLevelPerEvaluation, std::numeric_limits<std::uint32_t>::max()));
}

}  // namespace blindbook::protocol
