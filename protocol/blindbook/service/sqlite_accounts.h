#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "blindbook/protocol/allowance.h"
#include "blindbook/service/kept_ledger.h"
#include "blindbook/service/sqlite.h"

/// What a person looks at, and decides about, in a ledger in SQLite: KeptLedger's methods of these names.
namespace blindbook::service {

[[nodiscard]] Result<std::vector<AccountStanding>> show_account(const SqliteDatabase& database,
                                                                const protocol::AllowancePolicy& policy,
                                                                std::string_view account);

[[nodiscard]] Result<std::vector<AccountStanding>> adjust_account(const SqliteDatabase& database,
                                                                  const protocol::AllowancePolicy& policy,
                                                                  std::string_view account,
                                                                  const Adjustment& adjustment);

[[nodiscard]] Result<void> list_spending(const SqliteDatabase& database,
                                         const std::function<void(const Spending&)>& row,
                                         const std::function<void(const DailyTotal&)>& day);

}  // namespace blindbook::service
