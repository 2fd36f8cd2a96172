#include "blindbook/service/sqlite_ledger.h"

#include <algorithm>
#include <ctime>
#include <exception>
#include <optional>
#include <utility>

#include "blindbook/protocol/params.h"

namespace blindbook::service {
namespace {

/// How often tick() is called, in seconds: how long a request can be remembered beyond its 24 h, and how much
/// of the ledger's time a crash can forget.
constexpr std::uint64_t kTickSeconds = 60;
/// Daily totals older than this many days are forgotten.
constexpr std::uint64_t kDaysKept = 90;
/// Stands for the whole service among the issuers, whose names are never empty.
constexpr std::string_view kEveryIssuer;

std::int64_t to_sql(std::uint64_t value) noexcept {
  return static_cast<std::int64_t>(value);
}
std::uint64_t from_sql(std::int64_t value) noexcept {
  return static_cast<std::uint64_t>(value);
}

}  // namespace

std::uint64_t monotonic_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  return static_cast<std::uint64_t>(now.tv_sec);
}

struct SqliteLedger::Pending {
  const Charge& charge;
  UnixTime now;
  std::optional<Result<ChargeOutcome>> outcome;
  std::exception_ptr failure;  // in place of an outcome
  bool committed = false;
};

SqliteLedger::SqliteLedger(SqliteDatabase database, LedgerStatements statements,
                           const protocol::AllowancePolicy& policy, SqliteLedgerOptions options)
    : policy_(policy),
      options_(std::move(options)),
      database_(std::move(database)),
      statements_(std::move(statements)) {}

Result<std::unique_ptr<SqliteLedger>> SqliteLedger::open(const std::filesystem::path& path,
                                                         const protocol::AllowancePolicy& policy,
                                                         SqliteLedgerOptions options) {
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
      new SqliteLedger(std::move(*database), std::move(*statements), policy, std::move(options)));
}

Result<ChargeOutcome> SqliteLedger::charge(const Charge& charge, UnixTime now) {
  Pending own{.charge = charge, .now = now, .outcome = std::nullopt};
  std::unique_lock lock(queue_mutex_);
  queue_.push_back(&own);
  while (!own.committed) {
    if (committing_) {
      committed_.wait(lock);
      continue;
    }
    // Nobody commits: this thread does it, for everyone who waits.
    committing_ = true;
    const std::vector<Pending*> batch = std::exchange(queue_, {});
    lock.unlock();
    std::exception_ptr failure;
    try {
      commit_together(batch);
    } catch (...) {
      failure = std::current_exception();  // most likely out of memory: the transaction was rolled back
    }
    lock.lock();
    for (Pending* pending : batch) {
      pending->failure = failure;
      pending->committed = true;
    }
    committing_ = false;
    committed_.notify_all();
  }
  if (own.failure) {
    std::rethrow_exception(own.failure);
  }
  return std::move(*own.outcome);
}

void SqliteLedger::commit_together(const std::vector<Pending*>& batch) {
  const std::lock_guard lock(database_mutex_);
  if (Result<void> charged = charge_all(batch); !charged) {
    // Nothing was committed, so nobody may be told that anything was.
    for (Pending* pending : batch) {
      pending->outcome = tl::unexpected<Error>(charged.error());
    }
  }
}

Result<void> SqliteLedger::charge_all(const std::vector<Pending*>& batch) {
  Result<SqliteTransaction> transaction = SqliteTransaction::begin(database_);
  if (!transaction) {
    return failed(transaction);
  }
  for (Pending* pending : batch) {
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
  const std::uint64_t day = clock.time.value() / protocol::kDay;
  // A day's ceiling is of evaluations.
  for (const std::string_view issuer : {std::string_view(charge.issuer), kEveryIssuer}) {
    Result<bool> counted =
        charge.bucket == Bucket::kLabels ? Result<bool>(true) : count_towards(issuer, charge.cost, day);
    if (!counted) {
      return failed(counted);
    }
    if (!*counted) {
      return Answer(unavailable("ledger.ceiling", issuer.empty()
                                                      ? "the service's evaluations of this day are used up"
                                                      : "the issuer's evaluations of this day are used up"));
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
  const std::uint64_t forgotten_at = from_sql(counting.integer(1)) + protocol::kDay + kTickSeconds;
  counting.reset();
  if (retries > protocol::kMaxRetriesPerRequest) {
    return Answer(RetriesUsedUp{forgotten_at - std::min(forgotten_at - 1, clock.time.value())});
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
  if (purged) {
    const std::uint64_t day = time / protocol::kDay;
    purged = statements_.purge_daily.bind(1, to_sql(day - std::min(day, kDaysKept))).run();
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
  const bool due = clock.time.value() - stored.time.value() >= kTickSeconds || clock.held != stored.held;
  if (first || due) {
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
