#include "blindbook/service/postgres_charging.h"

#include <algorithm>
#include <utility>

#include "blindbook/service/ceiling.h"
#include "blindbook/service/charge_book.h"
#include "blindbook/service/postgres_ledger_layout.h"

namespace blindbook::service {
namespace {

using Change = ChargeBook::Change;

tl::unexpected<PostgresFailure> met_another_worker() {
  return tl::unexpected<PostgresFailure>(
      {.sqlstate = "40001", .cause = "another worker was faster, time after time"});
}

/// One transaction: what the batch needs is read and locked, decided in memory, and written.
class Transaction {
 public:
  Transaction(PostgresSession& session, const PostgresCharging& charging,
              const std::vector<PendingCharge*>& batch)
      : session_(session),
        charging_(charging),
        batch_(batch),
        book_(charging.policy, charging.ceiling_floor) {
    for (const PendingCharge* pending : batch) {
      book_.expect(pending->charge);
      wall_ = std::max(wall_, pending->now);
    }
  }

  PostgresOutcome<void> run() {
    PostgresOutcome<void> done = read();
    if (done) {
      decide();
      done = insert_new_accounts();
    }
    if (done) {
      done = write();
    }
    if (done) {
      for (std::size_t i = 0; i < batch_.size(); ++i) {
        batch_[i]->outcome = std::move(outcomes_[i]);
      }
    }
    return done;
  }

 private:
  PostgresOutcome<void> read() {
    // One more than a ceiling looks at, for this day, and one for a worker whose day has begun already.
    constexpr std::uint64_t kDaysRead = kCeilingDays + 2;
    session_.send(ledger_sql::kBegin);
    session_.send(ledger_sql::kReadClock);
    for (const auto& [key, account] : book_.accounts) {
      const auto& [issuer, name, bucket] = key;
      session_.send(bucket == Bucket::kLabels ? ledger_sql::kLockLabelAccount : ledger_sql::kLockAccount,
                    PostgresValues().add(issuer).add(name));
    }
    for (const auto& [key, request] : book_.requests) {
      const auto& [issuer, name, digest] = key;
      session_.send(ledger_sql::kReadRequest, PostgresValues().add(issuer).add(name).add(bytes_of(digest)));
    }
    for (const auto& [issuer, day] : book_.days) {
      session_.send(ledger_sql::kReadDays, PostgresValues().add(issuer).add(kDaysRead));
    }
    auto rows = session_.round_trip();
    if (!rows) {
      return tl::unexpected<PostgresFailure>(std::move(rows.error()));
    }
    std::size_t next = 1;  // behind BEGIN
    clock_ = read_postgres_clock(rows->at(next++), wall_, charging_.advance);
    for (auto& [key, account] : book_.accounts) {
      const PostgresAnswer& row = rows->at(next++);
      if (row.size() == 1) {
        account.state = protocol::AllowanceState{row.number(0, 0), UnixTime(row.number(0, 1))};
      }
    }
    for (auto& [key, request] : book_.requests) {
      const PostgresAnswer& row = rows->at(next++);
      if (row.size() == 1) {
        // An account that was not there to be locked: another worker charged it since, and may do so again.
        if (!book_.accounts[{std::get<0>(key), std::get<1>(key), request.bucket}].state) {
          return met_another_worker();
        }
        request.known = true;
        request.charged_at = UnixTime(row.number(0, 0));
        request.retries = row.number(0, 1);
      }
    }
    for (auto& [issuer, day] : book_.days) {
      know_day(issuer, rows->at(next++));
    }
    return {};
  }

  void know_day(std::string_view issuer, const PostgresAnswer& days) {
    const std::uint64_t today = day_of(clock_.now);
    std::uint64_t used = 0;
    std::vector<std::uint64_t> earlier;
    for (std::size_t row = 0; row < days.size(); ++row) {
      const std::uint64_t day = days.number(row, 0);
      if (day == today) {
        used = days.number(row, 1);
      } else if (day < today) {
        earlier.push_back(days.number(row, 1));
      }
    }
    book_.know_day(issuer, used, earlier);
  }

  void decide() {
    for (const PendingCharge* pending : batch_) {
      outcomes_.push_back(book_.charge(pending->charge, clock_.now));
    }
  }

  /// A row that was not there could not be locked: whoever inserts it first charges first.
  PostgresOutcome<void> insert_new_accounts() {
    std::size_t sent = 0;
    for (const auto& [key, account] : book_.accounts) {
      if (account.change == Change::kNew) {
        const auto& [issuer, name, bucket] = key;
        session_.send(
            bucket == Bucket::kLabels ? ledger_sql::kInsertLabelAccount : ledger_sql::kInsertAccount,
            PostgresValues()
                .add(issuer)
                .add(name)
                .add(account.state->level)
                .add(account.state->refilled_at.value()));
        ++sent;
      }
    }
    if (sent == 0) {
      return {};
    }
    const auto rows = session_.round_trip();
    if (!rows) {
      return tl::unexpected<PostgresFailure>(rows.error());
    }
    const bool all =
        std::all_of(rows->begin(), rows->end(), [](const PostgresAnswer& row) { return row.changed() == 1; });
    return all ? PostgresOutcome<void>() : met_another_worker();
  }

  PostgresOutcome<void> write() {
    for (const auto& [key, request] : book_.requests) {
      const auto& [issuer, name, digest] = key;
      PostgresValues values;
      values.add(issuer).add(name).add(bytes_of(digest));
      if (request.change == Change::kNew) {
        values.add(request.charged_at.value()).add(request.retries);
        session_.send(ledger_sql::kInsertRequest, values);
      } else if (request.change == Change::kChanged) {
        session_.send(ledger_sql::kCountRetries, values.add(request.retries));
      }
    }
    for (const auto& [key, account] : book_.accounts) {
      if (account.change == Change::kChanged) {
        const auto& [issuer, name, bucket] = key;
        session_.send(bucket == Bucket::kLabels ? ledger_sql::kWriteLabelAccount : ledger_sql::kWriteAccount,
                      PostgresValues()
                          .add(issuer)
                          .add(name)
                          .add(account.state->level)
                          .add(account.state->refilled_at.value()));
      }
    }
    for (const auto& [key, evaluations] : book_.spending) {
      const auto& [issuer, name, epoch] = key;
      session_.send(
          ledger_sql::kAddSpending,
          PostgresValues().add(issuer).add(name).add(epoch.view()).add(evaluations).add(day_of(clock_.now)));
    }
    if (!clock_.stored || is_due(clock_.now, *clock_.stored)) {
      send_clock(session_, clock_);
    }
    for (const auto& [issuer, day] : book_.days) {
      if (day.added != 0) {
        session_.send(ledger_sql::kAddDaily,
                      PostgresValues().add(issuer).add(day_of(clock_.now)).add(day.added).add(day.ceiling));
      }
    }
    static_cast<void>(session_.take_warning());
    session_.send(ledger_sql::kCommit);
    const auto rows = session_.round_trip();
    if (!rows) {
      return tl::unexpected<PostgresFailure>(rows.error());
    }
    if (rows->back().did() != "COMMIT" || session_.take_warning()) {
      return tl::unexpected<PostgresFailure>(
          {.sqlstate = {}, .cause = "the server committed, but not as durably as it should"});
    }
    return {};
  }

  PostgresSession& session_;
  const PostgresCharging& charging_;
  const std::vector<PendingCharge*>& batch_;
  ChargeBook book_;
  UnixTime wall_;
  PostgresClock clock_;
  std::vector<Result<ChargeOutcome>> outcomes_;
};

}  // namespace

PostgresClock read_postgres_clock(const PostgresAnswer& row, UnixTime wall, const AdvanceClock& advance) {
  PostgresClock clock;
  if (row.size() == 1) {
    clock.stored = LedgerClock{.time = UnixTime(row.number(0, 0)),
                               .refill_time = UnixTime(row.number(0, 1)),
                               .held = row.number(0, 2) != 0,
                               .confirmations = row.number(0, 3)};
  }
  clock.now = advance(clock.stored.value_or(first_clock(wall)), wall);
  return clock;
}

void send_clock(PostgresSession& session, const PostgresClock& clock) {
  PostgresValues values;
  values.add(clock.now.time.value())
      .add(clock.now.refill_time.value())
      .add(std::uint64_t{clock.now.held})
      .add(clock.now.confirmations);
  if (!clock.stored) {
    session.send(ledger_sql::kFirstClock, values);
    return;
  }
  values.add(clock.stored->time.value())
      .add(std::uint64_t{clock.stored->held})
      .add(clock.stored->confirmations);
  session.send(ledger_sql::kWriteClock, values);
}

bool is_broken(const PostgresFailure& failure) noexcept {
  const std::string_view state = failure.sqlstate;
  // The server ends, is not there, or has become a standby.
  return state.empty() || state.starts_with("57P") || state.starts_with("08") || state == "25006" ||
         state.starts_with("25P");
}

bool may_be_tried_again(const PostgresFailure& failure) noexcept {
  const std::string_view state = failure.sqlstate;
  // Serialisation, deadlock; a ceiling that another worker came nearer to, an account that it made.
  return state.starts_with("40") || state == "23514" || state == "23505";
}

PostgresOutcome<void> charge_in_postgres(PostgresSession& session, const PostgresCharging& charging,
                                         const std::vector<PendingCharge*>& batch) {
  return Transaction(session, charging, batch).run();
}

}  // namespace blindbook::service
