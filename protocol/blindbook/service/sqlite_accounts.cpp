#include "blindbook/service/sqlite_accounts.h"

#include <utility>

#include "blindbook/service/account_rows.h"

namespace blindbook::service {
namespace {

std::int64_t to_sql(std::uint64_t value) noexcept {
  return static_cast<std::int64_t>(value);
}
std::uint64_t number(const SqliteStatement& statement, int column) noexcept {
  return static_cast<std::uint64_t>(statement.integer(column));
}

/// Runs `sql` with the one parameter ?1, if it is given, and `row` for each row.
template <class Row>
Result<void> for_each_row(const SqliteDatabase& database, std::string_view sql, const std::string_view* first,
                          const Row& row) {
  Result<SqliteStatement> statement = database.prepare(sql);
  if (!statement) {
    return failed(statement);
  }
  if (first != nullptr) {
    statement->bind(1, *first);
  }
  Result<bool> more = statement->step();
  for (; more && *more; more = statement->step()) {
    row(*statement);
  }
  return more ? Result<void>() : failed(more);
}

struct Found {
  RowsByIssuer rows;
  UnixTime refill_time;
};

Result<Found> find(const SqliteDatabase& database, std::string_view account) {
  Found found;
  Result<std::int64_t> time = database.query_integer("SELECT coalesce(max(refill_time), 0) FROM clock");
  if (!time) {
    return failed(time);
  }
  found.refill_time = UnixTime(static_cast<std::uint64_t>(*time));
  const auto state = [](const SqliteStatement& row) {
    return protocol::AllowanceState{number(row, 1), UnixTime(number(row, 2))};
  };
  Result<void> done = for_each_row(
      database, "SELECT issuer, level, refilled_at FROM account WHERE account = ?1", &account,
      [&](const SqliteStatement& row) { found.rows[std::string(row.text(0))].evaluations = state(row); });
  if (done) {
    done = for_each_row(
        database, "SELECT issuer, level, refilled_at FROM label_account WHERE account = ?1", &account,
        [&](const SqliteStatement& row) { found.rows[std::string(row.text(0))].labels = state(row); });
  }
  if (done) {
    done = for_each_row(
        database, "SELECT issuer, count(*) FROM request WHERE account = ?1 GROUP BY issuer", &account,
        [&](const SqliteStatement& row) { found.rows[std::string(row.text(0))].requests = number(row, 1); });
  }
  if (!done) {
    return failed(done);
  }
  return found;
}

Result<void> write(const SqliteDatabase& database, std::string_view sql, const std::string& issuer,
                   std::string_view account, const protocol::AllowanceState& state) {
  Result<SqliteStatement> statement = database.prepare(sql);
  if (!statement) {
    return failed(statement);
  }
  return statement->bind(1, std::string_view(issuer))
      .bind(2, account)
      .bind(3, to_sql(state.level))
      .bind(4, to_sql(state.refilled_at.value()))
      .run();
}

}  // namespace

Result<std::vector<AccountStanding>> show_account(const SqliteDatabase& database,
                                                  const protocol::AllowancePolicy& policy,
                                                  std::string_view account) {
  Result<Found> found = find(database, account);
  if (!found) {
    return failed(found);
  }
  return standings_of(found->rows, policy, found->refill_time);
}

Result<std::vector<AccountStanding>> adjust_account(const SqliteDatabase& database,
                                                    const protocol::AllowancePolicy& policy,
                                                    std::string_view account, const Adjustment& adjustment) {
  Result<SqliteTransaction> transaction = SqliteTransaction::begin(database);
  if (!transaction) {
    return failed(transaction);
  }
  Result<Found> found = find(database, account);
  if (!found) {
    return failed(found);
  }
  adjust_rows(found->rows, adjustment, policy, found->refill_time);
  for (const auto& [issuer, row] : found->rows) {
    Result<void> written =
        write(database,
              "INSERT INTO account (issuer, account, level, refilled_at) VALUES (?1, ?2, ?3, ?4) "
              "ON CONFLICT DO UPDATE SET level = ?3, refilled_at = ?4",
              issuer, account, *row.evaluations);
    if (written && row.labels) {
      written =
          write(database,
                "UPDATE label_account SET level = ?3, refilled_at = ?4 WHERE issuer = ?1 AND account = ?2",
                issuer, account, *row.labels);
    }
    if (!written) {
      return failed(written);
    }
  }
  if (Result<void> committed = transaction->commit(); !committed) {
    return failed(committed);
  }
  return standings_of(found->rows, policy, found->refill_time);
}

Result<void> list_spending(const SqliteDatabase& database, const std::function<void(const Spending&)>& row,
                           const std::function<void(const DailyTotal&)>& day) {
  Result<SqliteTransaction> transaction = SqliteTransaction::begin(database);  // one moment for both
  if (!transaction) {
    return failed(transaction);
  }
  Result<void> done =
      for_each_row(database,
                   "SELECT issuer, account, epoch, evaluations, first_day, last_day FROM spending "
                   "ORDER BY issuer, account, epoch",
                   nullptr, [&](const SqliteStatement& at) {
                     row({.issuer = std::string(at.text(0)),
                          .account = std::string(at.text(1)),
                          .epoch = EpochId(at.bytes(2).first<EpochId::kSize>()),
                          .evaluations = number(at, 3),
                          .first_day = number(at, 4),
                          .last_day = number(at, 5)});
                   });
  if (done) {
    done = for_each_row(
        database, "SELECT issuer, day, evaluations FROM daily ORDER BY issuer, day", nullptr,
        [&](const SqliteStatement& at) {
          day({.issuer = std::string(at.text(0)), .day = number(at, 1), .evaluations = number(at, 2)});
        });
  }
  return done;
}

}  // namespace blindbook::service
