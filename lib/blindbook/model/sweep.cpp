#include "blindbook/model/sweep.h"

namespace blindbook::model {
namespace {

constexpr std::uint64_t kSmallestBatch = 16;

constexpr std::uint64_t divided_up(std::uint64_t a, std::uint64_t b) {
  return a / b + (a % b == 0 ? 0 : 1);
}

}  // namespace

SweepCost sweep_cost(std::uint64_t numbers, const SweepAllowance& allowance) {
  const std::uint64_t at_once = allowance.initial / kSmallestBatch * kSmallestBatch;
  SweepCost out{.accounts_at_once = at_once == 0 ? kNever : divided_up(numbers, at_once),
                .days_with_one_account = 0};
  if (numbers > at_once) {
    out.days_with_one_account =
        allowance.refill_per_day == 0 ? kNever : divided_up(numbers - at_once, allowance.refill_per_day);
  }
  return out;
}

}  // namespace blindbook::model
