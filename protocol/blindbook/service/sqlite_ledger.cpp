#include "blindbook/service/sqlite_ledger.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "blindbook/protocol/params.h"
#include "blindbook/service/ceiling.h"
#include "blindbook/service/charge_book.h"
#include "blindbook/service/ledger_forget.h"
#include "blindbook/service/sqlite_accounts.h"

namespace blindbook::service {
namespace {

std::int64_t to_sql(std::uint64_t value) noexcept {
  return static_cast<std::int64_t>(value);
}
std::uint64_t from_sql(std::int64_t value) noexcept {
  return static_cast<std::uint64_t>(value);
}

}  // namespace

SqliteLedger::SqliteLedger(std::filesystem::path path, SqliteDatabase database, LedgerStatements statements,
                           const protocol::AllowancePolicy& policy, LedgerOptions options)
    : path_(std::move(path)),
      policy_(policy),
      options_(std::move(options)),
      commits_(std::numeric_limits<std::size_t>::max(),
               [this](const std::vector<PendingCharge*>& batch) { commit_together(batch); }),
      database_(std::move(database)),
      statements_(std::move(statements)) {}

Result<std::unique_ptr<SqliteLedger>> SqliteLedger::open(const std::filesystem::path& path,
                                                         const protocol::AllowancePolicy& policy,
                                                         LedgerOptions options) {
  Result<SqliteDatabase> database = SqliteDatabase::open(path);
  if (!database) {
    return failed(database);
  }
  if (Result<void> layout = ensure_ledger_layout(*database); !layout) {
    return failed(layout);
  }
  Result<LedgerStatements> statements = LedgerStatements::prepare(*database);
  if (!statements) {
    return failed(statements);
  }
  return std::unique_ptr<SqliteLedger>(
      new SqliteLedger(path, std::move(*database), std::move(*statements), policy, std::move(options)));
}

Result<ChargeOutcome> SqliteLedger::charge(const Charge& charge, UnixTime now) {
  return commits_.charge(charge, now);
}

void SqliteLedger::commit_together(const std::vector<PendingCharge*>& batch) {
  const std::lock_guard lock(database_mutex_);
  if (Result<void> charged = charge_all(batch); !charged) {
    // Nothing was committed, so nobody may be told that anything was.
    for (PendingCharge* pending : batch) {
      pending->outcome = tl::unexpected<Error>(charged.error());
    }
  }
}

Result<void> SqliteLedger::charge_all(const std::vector<PendingCharge*>& batch) {
  Result<SqliteTransaction> transaction = SqliteTransaction::begin(database_);
  if (!transaction) {
    return failed(transaction);
  }
  for (PendingCharge* pending : batch) {
    Result<LedgerClock> clock = read_clock(pending->now);
    if (!clock) {
      return failed(clock);
    }
    Result<Answer> answer = charge_in_savepoint(pending->charge, *clock);
    if (!answer) {
      return failed(answer);
    }
    pending->outcome = std::move(*answer);
  }
  return transaction->commit();
}

Result<SqliteLedger::Answer> SqliteLedger::charge_in_savepoint(const Charge& charge,
                                                               const LedgerClock& clock) {
  if (Result<void> begun = database_.execute("SAVEPOINT charge"); !begun) {
    return failed(begun);
  }
  Result<Answer> answer = charge_once(charge, clock);
  if (!answer) {
    return failed(answer);
  }
  const bool keep = *answer && !std::holds_alternative<Overspent>(**answer);
  if (Result<void> ended = database_.execute(keep ? "RELEASE charge" : "ROLLBACK TO charge; RELEASE charge");
      !ended) {
    return failed(ended);
  }
  return answer;
}

Result<SqliteLedger::Answer> SqliteLedger::charge_once(const Charge& charge, const LedgerClock& clock) {
  if (Result<void> inserted = statements_.insert_request.bind(1, charge.issuer)
                                  .bind(2, charge.account)
                                  .bind(3, charge.digest.view())
                                  .bind(4, to_sql(clock.time.value()))
                                  .run();
      !inserted) {
    return failed(inserted);
  }
  const bool is_new = database_.changes() == 1;
  Result<protocol::AllowanceState> state = account_state(charge, clock);
  if (!state) {
    return failed(state);
  }
  if (!is_new) {
    return repeat(charge, clock, *state);
  }
  const auto decision = protocol::spend(policy_of(charge.bucket), *state, charge.cost, clock.refill_time);
  if (const auto* refused = std::get_if<protocol::Refused>(&decision)) {
    return Answer(Overspent{protocol::whole_evaluations(refused->current), refused->retry_after_seconds});
  }
  const std::uint64_t day = day_of(clock);
  // A day's ceiling is of evaluations.
  for (const std::string_view issuer : {std::string_view(charge.issuer), kEveryIssuer}) {
    Result<bool> counted =
        charge.bucket == Bucket::kLabels ? Result<bool>(true) : count_towards(issuer, charge.cost, day);
    if (!counted) {
      return failed(counted);
    }
    if (!*counted) {
      return Answer(ceiling_reached(issuer));
    }
  }
  const protocol::AllowanceState& after = std::get<protocol::Granted>(decision).after;
  SqliteStatement& writing =
      charge.bucket == Bucket::kLabels ? statements_.write_label_account : statements_.write_account;
  if (Result<void> written = writing.bind(1, charge.issuer)
                                 .bind(2, charge.account)
                                 .bind(3, to_sql(after.level))
                                 .bind(4, to_sql(after.refilled_at.value()))
                                 .run();
      !written) {
    return failed(written);
  }
  if (charge.bucket == Bucket::kEvaluations) {
    if (Result<void> added = statements_.add_spending.bind(1, charge.issuer)
                                 .bind(2, charge.account)
                                 .bind(3, charge.epoch.view())
                                 .bind(4, std::int64_t{charge.cost})
                                 .bind(5, to_sql(day))
                                 .run();
        !added) {
      return failed(added);
    }
  }
  return Answer(Charged{protocol::whole_evaluations(after), false});
}

Result<SqliteLedger::Answer> SqliteLedger::repeat(const Charge& charge, const LedgerClock& clock,
                                                  const protocol::AllowanceState& state) {
  SqliteStatement& counting = statements_.count_retry;
  Result<bool> row =
      counting.bind(1, charge.issuer).bind(2, charge.account).bind(3, charge.digest.view()).step();
  if (!row) {
    return failed(row);
  }
  const std::uint64_t retries = from_sql(counting.integer(0));
  const UnixTime charged_at(from_sql(counting.integer(1)));
  counting.reset();
  if (retries > protocol::kMaxRetriesPerRequest) {
    return Answer(retries_used_up(charged_at, clock.time));
  }
  return Answer(Charged{
      protocol::whole_evaluations(protocol::refill(policy_of(charge.bucket), state, clock.refill_time)),
      true});
}

Result<protocol::AllowanceState> SqliteLedger::account_state(const Charge& charge, const LedgerClock& clock) {
  SqliteStatement& reading =
      charge.bucket == Bucket::kLabels ? statements_.read_label_account : statements_.read_account;
  Result<bool> row = reading.bind(1, charge.issuer).bind(2, charge.account).step();
  if (!row) {
    return failed(row);
  }
  const protocol::AllowanceState state =
      *row ? protocol::AllowanceState{from_sql(reading.integer(0)), UnixTime(from_sql(reading.integer(1)))}
           : protocol::new_account(policy_of(charge.bucket), clock.refill_time);
  reading.reset();
  return state;
}

/// Adds `cost` to the day's total of `issuer`; false, and nothing added, when that would pass its ceiling.
Result<bool> SqliteLedger::count_towards(std::string_view issuer, std::uint32_t cost, std::uint64_t day) {
  std::vector<std::uint64_t> totals;
  SqliteStatement& earlier = statements_.read_totals;
  earlier.bind(1, issuer).bind(2, to_sql(day)).bind(3, to_sql(kCeilingDays));
  Result<bool> row = earlier.step();
  for (; row && *row; row = earlier.step()) {
    totals.push_back(from_sql(earlier.integer(0)));
  }
  if (!row) {
    return failed(row);
  }
  earlier.reset();

  SqliteStatement& today = statements_.read_daily;
  Result<bool> counted = today.bind(1, issuer).bind(2, to_sql(day)).step();
  if (!counted) {
    return failed(counted);
  }
  const std::uint64_t used = *counted ? from_sql(today.integer(0)) : 0;
  today.reset();
  if (used + cost > daily_ceiling(options_.ceiling_floor, totals)) {
    return false;
  }
  if (Result<void> added =
          statements_.add_daily.bind(1, issuer).bind(2, to_sql(day)).bind(3, std::int64_t{cost}).run();
      !added) {
    return failed(added);
  }
  return true;
}

Result<void> SqliteLedger::tick(UnixTime now) {
  const std::lock_guard lock(database_mutex_);
  Result<SqliteTransaction> transaction = SqliteTransaction::begin(database_);
  if (!transaction) {
    return failed(transaction);
  }
  Result<LedgerClock> clock = read_clock(now);
  if (!clock) {
    return failed(clock);
  }
  if (Result<void> written = write_clock(*clock); !written) {
    return failed(written);
  }
  // While the clock is held its time stands still, so this forgets nothing that the last tick did not.
  const std::uint64_t time = clock->time.value();
  Result<void> purged =
      statements_.purge_requests.bind(1, to_sql(time - std::min(time, protocol::kDay))).run();
  const std::uint64_t day = day_of(*clock);
  const std::int64_t oldest = to_sql(day - std::min(day, kDaysKept));
  if (purged) {
    purged = statements_.purge_daily.bind(1, oldest).run();
  }
  if (purged && std::exchange(purged_on_, day) != day) {  // reads the whole table
    purged = statements_.purge_spending.bind(1, oldest).run();
  }
  if (!purged) {
    return failed(purged);
  }
  return transaction->commit();
}

Result<void> SqliteLedger::confirm_clock() {
  const std::lock_guard lock(database_mutex_);
  Result<SqliteTransaction> transaction = SqliteTransaction::begin(database_);
  if (!transaction) {
    return failed(transaction);
  }
  // Not through the watch: the stored times must stay as they are until a worker advances them.
  if (Result<void> updated =
          database_.execute("UPDATE clock SET held = 0, confirmations = confirmations + 1");
      !updated) {
    return failed(updated);
  }
  return transaction->commit();
}

Result<ForgottenAccount> SqliteLedger::forget(std::string_view account) {
  return forget_account(path_, account);
}

Result<std::vector<AccountStanding>> SqliteLedger::show(std::string_view account) {
  const std::lock_guard lock(database_mutex_);
  return show_account(database_, policy_, account);
}

Result<std::vector<AccountStanding>> SqliteLedger::adjust(std::string_view account,
                                                          const Adjustment& adjustment) {
  const std::lock_guard lock(database_mutex_);
  return adjust_account(database_, policy_, account, adjustment);
}

Result<void> SqliteLedger::list_spending(const std::function<void(const Spending&)>& row,
                                         const std::function<void(const DailyTotal&)>& day) {
  const std::lock_guard lock(database_mutex_);
  return service::list_spending(database_, row, day);
}

Result<LedgerSize> SqliteLedger::size() {
  const std::lock_guard lock(database_mutex_);
  Result<std::int64_t> accounts = database_.query_integer("SELECT count(*) FROM account");
  Result<std::int64_t> requests = database_.query_integer("SELECT count(*) FROM request");
  Result<std::int64_t> bytes =
      database_.query_integer("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size");
  Result<std::int64_t> time = database_.query_integer("SELECT time FROM clock");
  Result<std::int64_t> held = database_.query_integer("SELECT held FROM clock");
  for (Result<std::int64_t>* number : {&accounts, &requests, &bytes, &time, &held}) {
    if (!*number) {
      return failed(*number);
    }
  }
  return LedgerSize{from_sql(*accounts), from_sql(*requests), from_sql(*bytes), UnixTime(from_sql(*time)),
                    *held != 0};
}

/// The ledger's clock at `now`; stored when that is due. Inside a transaction only.
Result<LedgerClock> SqliteLedger::read_clock(UnixTime now) {
  SqliteStatement& reading = statements_.read_clock;
  Result<bool> row = reading.step();
  if (!row) {
    return failed(row);
  }
  const bool first = !*row;
  const LedgerClock stored = first ? first_clock(now)
                                   : LedgerClock{.time = UnixTime(from_sql(reading.integer(0))),
                                                 .refill_time = UnixTime(from_sql(reading.integer(1))),
                                                 .held = reading.integer(2) != 0,
                                                 .confirmations = from_sql(reading.integer(3))};
  reading.reset();
  const LedgerClock clock = watch_.advance(stored, now, options_.monotonic());
  if (first || is_due(clock, stored)) {
    if (Result<void> written = write_clock(clock); !written) {
      return failed(written);
    }
  }
  return clock;
}

Result<void> SqliteLedger::write_clock(const LedgerClock& clock) {
  return statements_.write_clock.bind(1, to_sql(clock.time.value()))
      .bind(2, to_sql(clock.refill_time.value()))
      .bind(3, std::int64_t{clock.held})
      .bind(4, to_sql(clock.confirmations))
      .run();
}

}  // namespace blindbook::service
