#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "blindbook/protocol/allowance.h"
#include "blindbook/service/kept_ledger.h"
#include "blindbook/service/postgres_session.h"

/// What a person looks at, and decides about, in a ledger in PostgreSQL: KeptLedger's methods of these names, each in one
/// transaction.
namespace blindbook::service {

[[nodiscard]] PostgresOutcome<void> show_account(PostgresSession& session,
                                                 const protocol::AllowancePolicy& policy,
                                                 std::string_view account,
                                                 std::vector<AccountStanding>& standings);

[[nodiscard]] PostgresOutcome<void> adjust_account(PostgresSession& session,
                                                   const protocol::AllowancePolicy& policy,
                                                   std::string_view account, const Adjustment& adjustment,
                                                   std::vector<AccountStanding>& standings);

[[nodiscard]] PostgresOutcome<void> list_spending(PostgresSession& session,
                                                  const std::function<void(const Spending&)>& row,
                                                  const std::function<void(const DailyTotal&)>& day);

}  // namespace blindbook::service
