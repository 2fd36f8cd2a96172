#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "blindbook/protocol/allowance.h"
#include "blindbook/service/ceiling.h"
#include "blindbook/service/ledger.h"
#include "blindbook/service/ledger_clock.h"
#include "blindbook/service/ledger_statements.h"
#include "blindbook/service/sqlite.h"

namespace blindbook::service {

/// Seconds since the machine started, time asleep included.
[[nodiscard]] std::uint64_t monotonic_seconds();

struct SqliteLedgerOptions {
  std::uint64_t ceiling_floor = kDefaultCeilingFloor;  ///< evaluations a day, per issuer and for the service
  std::function<std::uint64_t()> monotonic = monotonic_seconds;
};

/// The ledger in one SQLite file. Requests that arrive while the disk is busy are committed together: each
/// still has its own savepoint, and none is answered before the commit is durable.
class SqliteLedger final : public Ledger {
 public:
  /// Opens or creates `path`. BadInput "ledger.version" when a newer program wrote it, "ledger.file" when it
  /// is no ledger; Unavailable "ledger.storage".
  [[nodiscard]] static Result<std::unique_ptr<SqliteLedger>> open(const std::filesystem::path& path,
                                                                  const protocol::AllowancePolicy& policy,
                                                                  SqliteLedgerOptions options = {});

  [[nodiscard]] Result<ChargeOutcome> charge(const Charge& charge, UnixTime now) override;
  [[nodiscard]] Result<void> tick(UnixTime now) override;
  [[nodiscard]] Result<void> confirm_clock() override;
  [[nodiscard]] Result<LedgerSize> size() override;

 private:
  struct Pending;
  /// What one caller is told; errors of the database stand outside of it, since they undo the whole batch.
  using Answer = Result<ChargeOutcome>;
  SqliteLedger(SqliteDatabase database, LedgerStatements statements, const protocol::AllowancePolicy& policy,
               SqliteLedgerOptions options);

  [[nodiscard]] const protocol::AllowancePolicy& policy_of(Bucket bucket) const noexcept {
    return bucket == Bucket::kLabels ? protocol::kLabelAllowance : policy_;
  }
  void commit_together(const std::vector<Pending*>& batch);
  [[nodiscard]] Result<void> charge_all(const std::vector<Pending*>& batch);
  [[nodiscard]] Result<Answer> charge_in_savepoint(const Charge& charge, const LedgerClock& clock);
  [[nodiscard]] Result<Answer> charge_once(const Charge& charge, const LedgerClock& clock);
  [[nodiscard]] Result<Answer> repeat(const Charge& charge, const LedgerClock& clock,
                                      const protocol::AllowanceState& state);
  [[nodiscard]] Result<protocol::AllowanceState> account_state(const Charge& charge,
                                                               const LedgerClock& clock);
  [[nodiscard]] Result<bool> count_towards(std::string_view issuer, std::uint32_t cost, std::uint64_t day);
  [[nodiscard]] Result<LedgerClock> read_clock(UnixTime now);
  [[nodiscard]] Result<void> write_clock(const LedgerClock& clock);

  const protocol::AllowancePolicy policy_;
  const SqliteLedgerOptions options_;

  std::mutex queue_mutex_;
  std::condition_variable committed_;
  std::vector<Pending*> queue_;
  bool committing_ = false;

  std::mutex database_mutex_;  // guards all below
  SqliteDatabase database_;
  LedgerStatements statements_;
  ClockWatch watch_;
};

}  // namespace blindbook::service
