#include "blindbook/service/ledger_statements.h"

#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

namespace blindbook::service {
namespace {

constexpr const char* kSchema = R"(
CREATE TABLE account (
  issuer TEXT NOT NULL, account TEXT NOT NULL,
  level INTEGER NOT NULL, refilled_at INTEGER NOT NULL,
  PRIMARY KEY (issuer, account)) STRICT, WITHOUT ROWID;
CREATE TABLE request (
  issuer TEXT NOT NULL, account TEXT NOT NULL, digest BLOB NOT NULL,
  charged_at INTEGER NOT NULL, retries INTEGER NOT NULL,
  PRIMARY KEY (issuer, account, digest)) STRICT, WITHOUT ROWID;
CREATE INDEX request_age ON request (charged_at);
CREATE TABLE daily (
  issuer TEXT NOT NULL, day INTEGER NOT NULL, evaluations INTEGER NOT NULL,
  PRIMARY KEY (issuer, day)) STRICT, WITHOUT ROWID;
CREATE TABLE clock (
  id INTEGER PRIMARY KEY CHECK (id = 0),
  time INTEGER NOT NULL, refill_time INTEGER NOT NULL, held INTEGER NOT NULL, confirmations INTEGER NOT NULL) STRICT;
)";

/// What each version has that the one before lacks, from version 2 on.
constexpr const char* kAdditions[] = {R"(
CREATE TABLE label_account (
  issuer TEXT NOT NULL, account TEXT NOT NULL,
  level INTEGER NOT NULL, refilled_at INTEGER NOT NULL,
  PRIMARY KEY (issuer, account)) STRICT, WITHOUT ROWID;
)",
                                      R"(
CREATE TABLE spending (
  issuer TEXT NOT NULL, account TEXT NOT NULL, epoch BLOB NOT NULL,
  evaluations INTEGER NOT NULL, first_day INTEGER NOT NULL, last_day INTEGER NOT NULL,
  PRIMARY KEY (issuer, account, epoch)) STRICT, WITHOUT ROWID;
)"};
static_assert(kLedgerVersion == 1 + std::size(kAdditions));

}  // namespace

Result<void> ensure_ledger_layout(const SqliteDatabase& database) {
  // Two programs may create the same file at the same time: look and create in one transaction.
  Result<SqliteTransaction> transaction = SqliteTransaction::begin(database);
  if (!transaction) {
    return failed(transaction);
  }
  Result<std::int64_t> version = database.query_integer("PRAGMA user_version");
  Result<std::int64_t> tables = database.query_integer("SELECT count(*) FROM sqlite_schema");
  if (!version || !tables) {
    return failed(!version ? version : tables);
  }
  if (*version == kLedgerVersion) {
    return {};
  }
  if (*version > kLedgerVersion) {
    return bad_input("ledger.version",
                     "the ledger has version " + std::to_string(*version) + ", this program knows " +
                         std::to_string(kLedgerVersion),
                     "install the blindbook that wrote it, or a newer one");
  }
  if (*version < 0 || (*version == 0 && *tables != 0)) {
    return bad_input("ledger.file", "the file is a database, but not a ledger");
  }
  if (*version == 0) {
    if (Result<void> created = database.execute(kSchema); !created) {
      return failed(created);
    }
  }
  for (std::size_t held = *version == 0 ? 1 : static_cast<std::size_t>(*version);
       held < std::size_t{kLedgerVersion}; ++held) {
    if (Result<void> added = database.execute(kAdditions[held - 1]); !added) {
      return failed(added);
    }
  }
  if (Result<void> named = database.execute("PRAGMA user_version = " + std::to_string(kLedgerVersion));
      !named) {
    return failed(named);
  }
  return transaction->commit();
}

Result<LedgerStatements> LedgerStatements::prepare(const SqliteDatabase& database) {
  std::optional<Error> failure;
  const auto statement = [&](std::string_view sql) {
    Result<SqliteStatement> prepared = database.prepare(sql);
    if (!prepared && !failure) {
      failure = std::move(prepared.error());
    }
    return prepared ? std::move(*prepared) : SqliteStatement();
  };
  LedgerStatements statements{
      .insert_request = statement("INSERT INTO request (issuer, account, digest, charged_at, retries) "
                                  "VALUES (?1, ?2, ?3, ?4, 0) ON CONFLICT DO NOTHING"),
      .count_retry =
          statement("UPDATE request SET retries = retries + 1 "
                    "WHERE issuer = ?1 AND account = ?2 AND digest = ?3 RETURNING retries, charged_at"),
      .purge_requests = statement("DELETE FROM request WHERE charged_at < ?1"),
      .read_account = statement("SELECT level, refilled_at FROM account WHERE issuer = ?1 AND account = ?2"),
      .write_account =
          statement("INSERT INTO account (issuer, account, level, refilled_at) VALUES (?1, ?2, ?3, ?4) "
                    "ON CONFLICT DO UPDATE SET level = ?3, refilled_at = ?4"),
      .read_label_account =
          statement("SELECT level, refilled_at FROM label_account WHERE issuer = ?1 AND account = ?2"),
      .write_label_account =
          statement("INSERT INTO label_account (issuer, account, level, refilled_at) "
                    "VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET level = ?3, refilled_at = ?4"),
      .read_daily = statement("SELECT evaluations FROM daily WHERE issuer = ?1 AND day = ?2"),
      .read_totals = statement("SELECT evaluations FROM daily WHERE issuer = ?1 AND day < ?2 "
                               "ORDER BY day DESC LIMIT ?3"),
      .add_daily = statement("INSERT INTO daily (issuer, day, evaluations) VALUES (?1, ?2, ?3) "
                             "ON CONFLICT DO UPDATE SET evaluations = evaluations + ?3"),
      .purge_daily = statement("DELETE FROM daily WHERE day < ?1"),
      .add_spending =
          statement("INSERT INTO spending (issuer, account, epoch, evaluations, first_day, last_day) "
                    "VALUES (?1, ?2, ?3, ?4, ?5, ?5) ON CONFLICT DO UPDATE SET "
                    "evaluations = evaluations + ?4, last_day = max(last_day, ?5)"),
      .purge_spending = statement("DELETE FROM spending WHERE last_day < ?1"),
      .read_clock = statement("SELECT time, refill_time, held, confirmations FROM clock"),
      .write_clock = statement("INSERT INTO clock (id, time, refill_time, held, confirmations) "
                               "VALUES (0, ?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET "
                               "time = ?1, refill_time = ?2, held = ?3, confirmations = ?4")};
  if (failure) {
    return tl::unexpected<Error>(std::move(*failure));
  }
  return statements;
}

}  // namespace blindbook::service
