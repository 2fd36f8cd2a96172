#include "blindbook/service/account_rows.h"

#include <algorithm>

namespace blindbook::service {
namespace {

using protocol::AllowancePolicy;
using protocol::AllowanceState;

std::uint32_t left_of(const std::optional<AllowanceState>& state, const AllowancePolicy& policy,
                      UnixTime refill_time) {
  return protocol::whole_evaluations(
      protocol::refill(policy, state.value_or(protocol::new_account(policy, refill_time)), refill_time));
}

AllowanceState granted(const AllowanceState& before, const AllowancePolicy& policy, std::uint32_t evaluations,
                       UnixTime refill_time) {
  AllowanceState state = protocol::refill(policy, before, refill_time);
  const std::uint64_t capacity = policy.capacity * protocol::kLevelPerEvaluation;
  // Above the capacity is only who had it when the capacity was lowered.
  state.level =
      std::max(state.level, std::min(capacity, state.level + evaluations * protocol::kLevelPerEvaluation));
  return state;
}

}  // namespace

std::vector<AccountStanding> standings_of(const RowsByIssuer& rows, const AllowancePolicy& policy,
                                          UnixTime refill_time) {
  std::vector<AccountStanding> standings;
  for (const auto& [issuer, row] : rows) {
    standings.push_back({.issuer = issuer,
                         .evaluations_left = left_of(row.evaluations, policy, refill_time),
                         .labels_left = left_of(row.labels, protocol::kLabelAllowance, refill_time),
                         .requests = row.requests});
  }
  return standings;
}

void adjust_rows(RowsByIssuer& rows, const Adjustment& adjustment, const AllowancePolicy& policy,
                 UnixTime refill_time) {
  for (auto& [issuer, row] : rows) {
    const AllowanceState fresh = protocol::new_account(policy, refill_time);
    if (const auto* grant = std::get_if<Grant>(&adjustment)) {
      row.evaluations = granted(row.evaluations.value_or(fresh), policy, grant->evaluations, refill_time);
      continue;
    }
    row.evaluations = fresh;
    if (row.labels) {
      row.labels = protocol::new_account(protocol::kLabelAllowance, refill_time);
    }
  }
}

}  // namespace blindbook::service
