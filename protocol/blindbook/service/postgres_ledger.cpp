#include "blindbook/service/postgres_ledger.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <utility>
#include <vector>

#include "blindbook/protocol/params.h"
#include "blindbook/service/charge_book.h"
#include "blindbook/service/group_commit.h"
#include "blindbook/service/ledger_clock.h"
#include "blindbook/service/postgres_accounts.h"
#include "blindbook/service/postgres_charging.h"
#include "blindbook/service/postgres_ledger_layout.h"
#include "blindbook/service/postgres_pool.h"

namespace blindbook::service {
namespace {

constexpr std::size_t kChargesInACommit = 256;
/// Of a transaction that met another worker's each time.
constexpr int kAttempts = 10;

tl::unexpected<Error> storage_failure(const PostgresFailure& failure) {
  return unavailable("ledger.storage", "the ledger's database failed: " + failure.cause,
                     failure.silent ? "does its synchronous standby answer?" : "");
}

class PostgresLedger final : public KeptLedger {
 public:
  PostgresLedger(const std::string& where, const protocol::AllowancePolicy& policy, LedgerOptions options)
      : policy_(policy),
        options_(std::move(options)),
        charging_{
            .policy = policy_,
            .ceiling_floor = options_.ceiling_floor,
            .advance = [this](const LedgerClock& stored, UnixTime wall) { return advance(stored, wall); }},
        pool_(where),
        commits_(kChargesInACommit,
                 [this](const std::vector<PendingCharge*>& batch) { commit_together(batch); }) {}

  /// Finds out whether there is a ledger.
  Result<void> begin() {
    return in_session([](PostgresSession&) { return PostgresOutcome<void>(); });
  }

  Result<ChargeOutcome> charge(const Charge& charge, UnixTime now) override {
    return commits_.charge(charge, now);
  }
  Result<void> tick(UnixTime now) override;
  Result<void> confirm_clock() override;
  Result<LedgerSize> size() override;
  Result<ForgottenAccount> forget(std::string_view account) override;
  Result<std::vector<AccountStanding>> show(std::string_view account) override;
  Result<std::vector<AccountStanding>> adjust(std::string_view account,
                                              const Adjustment& adjustment) override;
  Result<void> list_spending(const std::function<void(const Spending&)>& row,
                             const std::function<void(const DailyTotal&)>& day) override;

 private:
  LedgerClock advance(const LedgerClock& stored, UnixTime wall) {
    const std::lock_guard lock(watch_mutex_);
    return watch_.advance(stored, wall, options_.monotonic());
  }
  void commit_together(const std::vector<PendingCharge*>& batch) {
    const Result<void> charged =
        in_session([&](PostgresSession& session) { return charge_in_postgres(session, charging_, batch); });
    if (!charged) {
      for (PendingCharge* pending : batch) {
        pending->outcome = tl::unexpected<Error>(charged.error());
      }
    }
  }
  /// Runs `transaction`, from its beginning again where it met another worker's, or the session was kept and has broken
  /// since. The same commit twice does no harm: all that is written here can be written again.
  template <class Transaction>
  Result<void> in_session(const Transaction& transaction);

  const protocol::AllowancePolicy policy_;
  const LedgerOptions options_;
  std::mutex watch_mutex_;
  ClockWatch watch_;
  const PostgresCharging charging_;
  PostgresPool pool_;
  std::atomic<std::uint64_t> purged_on_ = 0;  // the day on which old spending was forgotten last
  GroupCommit commits_;
};

template <class Transaction>
Result<void> PostgresLedger::in_session(const Transaction& transaction) {
  for (int attempt = 1;; ++attempt) {
    Result<PostgresPool::Lease> lease = pool_.lease();
    if (!lease) {
      return failed(lease);
    }
    const PostgresOutcome<void> done = transaction(*lease->session);
    if (done) {
      pool_.give_back(std::move(*lease));
      return {};
    }
    if (!is_broken(done.error())) {
      lease->session->send(ledger_sql::kRollback);
      if (lease->session->round_trip()) {
        static_cast<void>(lease->session->take_warning());  // that there was no transaction
        pool_.give_back(std::move(*lease));
      }
    } else if (!done.error().silent) {
      pool_.discard_kept();
    }
    const bool again = may_be_tried_again(done.error()) ||
                       (is_broken(done.error()) && !done.error().silent && lease->was_open);
    if (!again || attempt == kAttempts) {
      return storage_failure(done.error());
    }
  }
}

Result<void> PostgresLedger::tick(UnixTime now) {
  PostgresClock clock;
  bool stored = false;
  Result<void> done = in_session([&](PostgresSession& session) -> PostgresOutcome<void> {
    session.send(ledger_sql::kBegin);
    session.send(ledger_sql::kReadClock);
    auto rows = session.round_trip();
    if (!rows) {
      return tl::unexpected<PostgresFailure>(std::move(rows.error()));
    }
    clock = read_postgres_clock(rows->at(1), now, charging_.advance);
    send_clock(session, clock);
    session.send(ledger_sql::kCommit);
    rows = session.round_trip();
    if (!rows) {
      return tl::unexpected<PostgresFailure>(std::move(rows.error()));
    }
    stored = rows->at(0).changed() == 1;
    return {};
  });
  if (!done || !stored) {
    return done;  // who stores the minute does the rest of it, too
  }
  return in_session([&](PostgresSession& session) -> PostgresOutcome<void> {
    const auto before = [](std::uint64_t time, std::uint64_t span) { return time - std::min(time, span); };
    session.send(ledger_sql::kBegin);
    session.send(ledger_sql::kPurgeRequests,
                 PostgresValues().add(before(clock.now.time.value(), protocol::kDay)));
    const PostgresValues oldest = PostgresValues().add(before(day_of(clock.now), kDaysKept));
    session.send(ledger_sql::kPurgeDaily, oldest);
    if (purged_on_.exchange(day_of(clock.now)) != day_of(clock.now)) {  // reads the whole table
      session.send(ledger_sql::kPurgeSpending, oldest);
    }
    session.send(ledger_sql::kCommit);
    const auto rows = session.round_trip();
    return rows ? PostgresOutcome<void>() : tl::unexpected<PostgresFailure>(rows.error());
  });
}

Result<void> PostgresLedger::confirm_clock() {
  return in_session([](PostgresSession& session) -> PostgresOutcome<void> {
    // Not through the watch: the stored times must stay as they are until a worker advances them.
    session.send(ledger_sql::kConfirmClock);
    const auto rows = session.round_trip();
    return rows ? PostgresOutcome<void>() : tl::unexpected<PostgresFailure>(rows.error());
  });
}

Result<LedgerSize> PostgresLedger::size() {
  LedgerSize size{};
  Result<void> done = in_session([&](PostgresSession& session) -> PostgresOutcome<void> {
    session.send(ledger_sql::kSize);
    session.send(ledger_sql::kReadClock);
    const auto rows = session.round_trip();
    if (!rows) {
      return tl::unexpected<PostgresFailure>(rows.error());
    }
    const PostgresAnswer& counts = rows->at(0);
    const PostgresAnswer& clock = rows->at(1);
    size = {.accounts = counts.number(0, 0), .requests = counts.number(0, 1), .bytes = counts.number(0, 2)};
    if (clock.size() == 1) {
      size.time = UnixTime(clock.number(0, 0));
      size.clock_held = clock.number(0, 2) != 0;
    }
    return {};
  });
  if (!done) {
    return failed(done);
  }
  return size;
}

Result<ForgottenAccount> PostgresLedger::forget(std::string_view account) {
  ForgottenAccount forgotten;
  Result<void> done = in_session([&](PostgresSession& session) -> PostgresOutcome<void> {
    PostgresValues values;
    values.add(account);
    session.send(ledger_sql::kBegin);
    session.send(ledger_sql::kForgetAccount, values);  // first, as every charge locks it first
    session.send(ledger_sql::kForgetLabelAccount, values);
    session.send(ledger_sql::kForgetRequests, values);
    session.send(ledger_sql::kForgetSpending, values);
    session.send(ledger_sql::kCommit);
    const auto rows = session.round_trip();
    if (!rows) {
      return tl::unexpected<PostgresFailure>(rows.error());
    }
    forgotten = {.accounts = rows->at(1).changed(), .requests = rows->at(3).changed()};
    return {};
  });
  if (!done) {
    return failed(done);
  }
  return forgotten;
}

Result<std::vector<AccountStanding>> PostgresLedger::show(std::string_view account) {
  std::vector<AccountStanding> standings;
  Result<void> done = in_session(
      [&](PostgresSession& session) { return show_account(session, policy_, account, standings); });
  if (!done) {
    return failed(done);
  }
  return standings;
}

Result<std::vector<AccountStanding>> PostgresLedger::adjust(std::string_view account,
                                                            const Adjustment& adjustment) {
  std::vector<AccountStanding> standings;
  bool begun =
      false;  // it may have been committed when the connection broke, and what is granted twice is too much
  Result<void> done = in_session([&](PostgresSession& session) -> PostgresOutcome<void> {
    if (std::exchange(begun, true)) {
      return tl::unexpected<PostgresFailure>(
          {.sqlstate = "XX000",
           .cause = "the connection broke, and whether it took effect ledger show says"});
    }
    return adjust_account(session, policy_, account, adjustment, standings);
  });
  if (!done) {
    return failed(done);
  }
  return standings;
}

Result<void> PostgresLedger::list_spending(const std::function<void(const Spending&)>& row,
                                           const std::function<void(const DailyTotal&)>& day) {
  bool begun = false;  // what was given cannot be taken back
  return in_session([&](PostgresSession& session) -> PostgresOutcome<void> {
    if (std::exchange(begun, true)) {
      return tl::unexpected<PostgresFailure>(
          {.sqlstate = "XX000", .cause = "the list broke off in its middle"});
    }
    return service::list_spending(session, row, day);
  });
}

}  // namespace

Result<std::unique_ptr<KeptLedger>> open_postgres_ledger(const std::string& where,
                                                         const protocol::AllowancePolicy& policy,
                                                         LedgerOptions options) {
  auto ledger = std::make_unique<PostgresLedger>(where, policy, std::move(options));
  if (Result<void> begun = ledger->begin(); !begun) {
    return failed(begun);
  }
  return ledger;
}

}  // namespace blindbook::service
