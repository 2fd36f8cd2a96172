#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <vector>

#include "blindbook/protocol/allowance.h"
#include "blindbook/service/group_commit.h"
#include "blindbook/service/kept_ledger.h"
#include "blindbook/service/ledger_clock.h"
#include "blindbook/service/ledger_options.h"
#include "blindbook/service/ledger_statements.h"
#include "blindbook/service/sqlite.h"

namespace blindbook::service {

/// The ledger in one SQLite file. Requests that arrive while the disk is busy are committed together: each
/// still has its own savepoint, and none is answered before the commit is durable.
class SqliteLedger final : public KeptLedger {
 public:
  /// Opens or creates `path`. BadInput "ledger.version" when a newer program wrote it, "ledger.file" when it
  /// is no ledger; Unavailable "ledger.storage".
  [[nodiscard]] static Result<std::unique_ptr<SqliteLedger>> open(const std::filesystem::path& path,
                                                                  const protocol::AllowancePolicy& policy,
                                                                  LedgerOptions options = {});

  [[nodiscard]] Result<ChargeOutcome> charge(const Charge& charge, UnixTime now) override;
  [[nodiscard]] Result<void> tick(UnixTime now) override;
  [[nodiscard]] Result<void> confirm_clock() override;
  [[nodiscard]] Result<LedgerSize> size() override;
  /// Overwrites what it removes, while services may work on the same file.
  [[nodiscard]] Result<ForgottenAccount> forget(std::string_view account) override;
  [[nodiscard]] Result<std::vector<AccountStanding>> show(std::string_view account) override;
  [[nodiscard]] Result<std::vector<AccountStanding>> adjust(std::string_view account,
                                                            const Adjustment& adjustment) override;
  [[nodiscard]] Result<void> list_spending(const std::function<void(const Spending&)>& row,
                                           const std::function<void(const DailyTotal&)>& day) override;

 private:
  /// What one caller is told; errors of the database stand outside of it, since they undo the whole batch.
  using Answer = Result<ChargeOutcome>;
  SqliteLedger(std::filesystem::path path, SqliteDatabase database, LedgerStatements statements,
               const protocol::AllowancePolicy& policy, LedgerOptions options);

  [[nodiscard]] const protocol::AllowancePolicy& policy_of(Bucket bucket) const noexcept {
    return bucket == Bucket::kLabels ? protocol::kLabelAllowance : policy_;
  }
  void commit_together(const std::vector<PendingCharge*>& batch);
  [[nodiscard]] Result<void> charge_all(const std::vector<PendingCharge*>& batch);
  [[nodiscard]] Result<Answer> charge_in_savepoint(const Charge& charge, const LedgerClock& clock);
  [[nodiscard]] Result<Answer> charge_once(const Charge& charge, const LedgerClock& clock);
  [[nodiscard]] Result<Answer> repeat(const Charge& charge, const LedgerClock& clock,
                                      const protocol::AllowanceState& state);
  [[nodiscard]] Result<protocol::AllowanceState> account_state(const Charge& charge,
                                                               const LedgerClock& clock);
  [[nodiscard]] Result<bool> count_towards(std::string_view issuer, std::uint32_t cost, std::uint64_t day);
  [[nodiscard]] Result<LedgerClock> read_clock(UnixTime now);
  [[nodiscard]] Result<void> write_clock(const LedgerClock& clock);

  const std::filesystem::path path_;
  const protocol::AllowancePolicy policy_;
  const LedgerOptions options_;
  GroupCommit commits_;

  std::mutex database_mutex_;  // guards all below
  SqliteDatabase database_;
  LedgerStatements statements_;
  ClockWatch watch_;
  std::uint64_t purged_on_ = 0;  // the day on which old spending was forgotten last
};

}  // namespace blindbook::service
