#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "blindbook/protocol/allowance.h"
#include "blindbook/service/kept_ledger.h"

/// What KeptLedger::show() and adjust() decide, apart from where the rows are kept.
namespace blindbook::service {

/// Of one account, under one issuer.
struct AccountRows {
  std::optional<protocol::AllowanceState> evaluations;
  std::optional<protocol::AllowanceState> labels;
  std::uint64_t requests = 0;
};

/// By issuer.
using RowsByIssuer = std::map<std::string, AccountRows>;

/// What stands in the rows at `refill_time` of the ledger's clock.
[[nodiscard]] std::vector<AccountStanding> standings_of(const RowsByIssuer& rows,
                                                        const protocol::AllowancePolicy& policy,
                                                        UnixTime refill_time);

/// Changes all of `rows`. A row of labels that is not there stays so: it is that of a new account.
void adjust_rows(RowsByIssuer& rows, const Adjustment& adjustment, const protocol::AllowancePolicy& policy,
                 UnixTime refill_time);

}  // namespace blindbook::service
