#pragma once

#include <functional>
#include <vector>

#include "blindbook/protocol/allowance.h"
#include "blindbook/service/group_commit.h"
#include "blindbook/service/ledger_clock.h"
#include "blindbook/service/postgres_session.h"

namespace blindbook::service {

/// The ledger's clock as a transaction found it, and as it is now.
struct PostgresClock {
  std::optional<LedgerClock> stored;  ///< none before the first use
  LedgerClock now;
};

/// What a row of ledger_sql::kReadClock holds, at `wall`; `advance` is ClockWatch::advance() of this worker.
using AdvanceClock = std::function<LedgerClock(const LedgerClock& stored, UnixTime wall)>;
[[nodiscard]] PostgresClock read_postgres_clock(const PostgresAnswer& row, UnixTime wall,
                                                const AdvanceClock& advance);
/// Sends the statement that stores it, unless another worker is faster. Its answer says 1 row changed when it did.
void send_clock(PostgresSession& session, const PostgresClock& clock);

/// Whether a session that failed so can still be used.
[[nodiscard]] bool is_broken(const PostgresFailure& failure) noexcept;
/// Whether the same transaction may succeed when it is tried again: it met another worker's.
[[nodiscard]] bool may_be_tried_again(const PostgresFailure& failure) noexcept;

struct PostgresCharging {
  const protocol::AllowancePolicy& policy;
  std::uint64_t ceiling_floor;
  AdvanceClock advance;
};

/// Charges all of `batch` in one transaction, and gives each its outcome when that is durable: two round trips, and a third
/// where an account is new. After a failure nothing was charged, or, should the connection have broken during the commit,
/// all of it was: who asks again with the same digests learns which.
[[nodiscard]] PostgresOutcome<void> charge_in_postgres(PostgresSession& session,
                                                       const PostgresCharging& charging,
                                                       const std::vector<PendingCharge*>& batch);

}  // namespace blindbook::service
