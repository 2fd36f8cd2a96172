#include "blindbook/service/postgres_ledger_layout.h"

#include <iterator>
#include <optional>
#include <string>

#include <libpq-fe.h>

namespace blindbook::service {
namespace {

/// What each layout has that the one before lacks. Primary keys begin with the account, and all
/// statements on an account name it and its issuer: whoever spreads the tables over several machines spreads them by account.
/// Rows that are updated often leave room for their next version on the same page.
constexpr const char* kMigrations[] = {R"(
CREATE TABLE blindbook.account (
  issuer text NOT NULL, account text NOT NULL,
  level bigint NOT NULL CHECK (level >= 0), refilled_at bigint NOT NULL,
  PRIMARY KEY (account, issuer)) WITH (fillfactor = 80);
CREATE TABLE blindbook.label_account (
  issuer text NOT NULL, account text NOT NULL,
  level bigint NOT NULL CHECK (level >= 0), refilled_at bigint NOT NULL,
  PRIMARY KEY (account, issuer)) WITH (fillfactor = 80);
CREATE TABLE blindbook.request (
  issuer text NOT NULL, account text NOT NULL, digest bytea NOT NULL,
  charged_at bigint NOT NULL, retries bigint NOT NULL,
  PRIMARY KEY (account, issuer, digest));
CREATE INDEX request_age ON blindbook.request (charged_at);
CREATE TABLE blindbook.spending (
  issuer text NOT NULL, account text NOT NULL, epoch bytea NOT NULL,
  evaluations bigint NOT NULL, first_day bigint NOT NULL, last_day bigint NOT NULL,
  PRIMARY KEY (account, issuer, epoch)) WITH (fillfactor = 80);
CREATE TABLE blindbook.daily (
  issuer text NOT NULL, day bigint NOT NULL,
  evaluations bigint NOT NULL, ceiling bigint NOT NULL,
  PRIMARY KEY (issuer, day),
  CHECK (evaluations <= ceiling)) WITH (fillfactor = 50);
CREATE TABLE blindbook.clock (
  id integer PRIMARY KEY CHECK (id = 0),
  time bigint NOT NULL, refill_time bigint NOT NULL,
  held boolean NOT NULL, confirmations bigint NOT NULL) WITH (fillfactor = 50);
)"};
static_assert(kPostgresLedgerVersion == std::size(kMigrations));

/// What workers that start at the same time wait for: "bbledger" as a number.
constexpr const char* kLockLayout = "SELECT pg_advisory_xact_lock(7089347946166576498)";

constexpr PostgresStatement kStatements[] = {ledger_sql::kBegin,
                                             ledger_sql::kCommit,
                                             ledger_sql::kRollback,
                                             ledger_sql::kReadClock,
                                             ledger_sql::kFirstClock,
                                             ledger_sql::kWriteClock,
                                             ledger_sql::kConfirmClock,
                                             ledger_sql::kLockAccount,
                                             ledger_sql::kInsertAccount,
                                             ledger_sql::kWriteAccount,
                                             ledger_sql::kLockLabelAccount,
                                             ledger_sql::kInsertLabelAccount,
                                             ledger_sql::kWriteLabelAccount,
                                             ledger_sql::kReadRequest,
                                             ledger_sql::kInsertRequest,
                                             ledger_sql::kCountRetries,
                                             ledger_sql::kPurgeRequests,
                                             ledger_sql::kReadDays,
                                             ledger_sql::kAddDaily,
                                             ledger_sql::kPurgeDaily,
                                             ledger_sql::kAddSpending,
                                             ledger_sql::kPurgeSpending,
                                             ledger_sql::kListSpending,
                                             ledger_sql::kListDaily,
                                             ledger_sql::kBeginListing,
                                             ledger_sql::kFindAccount,
                                             ledger_sql::kFindLabelAccount,
                                             ledger_sql::kFindRequests,
                                             ledger_sql::kPutAccount,
                                             ledger_sql::kForgetSpending,
                                             ledger_sql::kForgetRequests,
                                             ledger_sql::kForgetAccount,
                                             ledger_sql::kForgetLabelAccount,
                                             ledger_sql::kSize};

/// Statements without parameters, one after the other; the rows of the last.
Result<PostgresResult> execute(pg_conn* connection, const std::string& sql) {
  PostgresResult result(PQexec(connection, sql.c_str()));
  const auto status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
    return unavailable("ledger.storage",
                       "the ledger's database failed: " + cause_of(connection, result.get()),
                       "does the schema blindbook belong to the role that connects, or may it create one?");
  }
  return result;
}

Result<std::uint64_t> query_number(pg_conn* connection, const std::string& sql) {
  Result<PostgresResult> result = execute(connection, sql);
  if (!result) {
    return failed(result);
  }
  return PostgresAnswer(std::move(*result)).number(0, 0);
}

/// The layout that is there: 0 where there is none yet.
Result<std::uint64_t> layout_version(pg_conn* connection) {
  // One statement, which sees one state of a schema that another worker may be making.
  Result<PostgresResult> result =
      execute(connection,
              "SELECT count(*) FILTER (WHERE class.relname = 'layout'), count(*) FROM pg_class AS class "
              "JOIN pg_namespace AS namespace ON namespace.oid = class.relnamespace "
              "WHERE namespace.nspname = 'blindbook'");
  if (!result) {
    return failed(result);
  }
  const PostgresAnswer relations(std::move(*result));
  if (relations.number(0, 0) != 0) {
    return query_number(connection, "SELECT max(version) FROM blindbook.layout");
  }
  if (relations.number(0, 1) != 0) {
    return bad_input("ledger.file",
                     "the schema blindbook of that database holds something else than a ledger",
                     "give the ledger a database of its own");
  }
  return 0;
}

Result<void> migrate(pg_conn* connection) {
  Result<std::uint64_t> version = layout_version(connection);
  if (!version) {
    return failed(version);
  }
  std::string script;
  if (*version == 0) {
    Result<std::uint64_t> schemas =
        query_number(connection, "SELECT count(*) FROM pg_namespace WHERE nspname = 'blindbook'");
    if (!schemas) {
      return failed(schemas);
    }
    script = *schemas == 0 ? "CREATE SCHEMA blindbook;" : "";
    script += "CREATE TABLE blindbook.layout (version bigint PRIMARY KEY);";
  }
  for (std::uint64_t next = *version; next < kPostgresLedgerVersion; ++next) {
    script += kMigrations[next];
    script += "INSERT INTO blindbook.layout (version) VALUES (" + std::to_string(next + 1) + ");";
  }
  Result<PostgresResult> done = execute(connection, script + "COMMIT");
  return done ? Result<void>() : failed(done);
}

}  // namespace

std::span<const PostgresStatement> ledger_statements() noexcept {
  return kStatements;
}

Result<void> ensure_postgres_layout(pg_conn* connection) {
  Result<std::uint64_t> version = layout_version(connection);
  if (!version) {
    return failed(version);
  }
  if (*version > kPostgresLedgerVersion) {
    return bad_input("ledger.version",
                     "the ledger has version " + std::to_string(*version) + ", this program knows " +
                         std::to_string(kPostgresLedgerVersion),
                     "install the blindbook that made it, or a newer one");
  }
  if (*version == kPostgresLedgerVersion) {
    return {};
  }
  Result<PostgresResult> locked = execute(connection, std::string("BEGIN; ") + kLockLayout);
  if (!locked) {
    return failed(locked);
  }
  Result<void> migrated = migrate(connection);
  if (!migrated) {
    static_cast<void>(execute(connection, "ROLLBACK"));  // of no use where the connection broke
  }
  return migrated;
}

Result<void> settle_session(pg_conn* connection) {
  // A transaction whose worker died holds its accounts for ten seconds at most.
  Result<PostgresResult> settled = execute(
      connection,
      "SELECT set_config('idle_in_transaction_session_timeout', '10s', false), "
      "set_config('lock_timeout', '5s', false), "
      "set_config('synchronous_commit', CASE WHEN current_setting('synchronous_commit') = 'remote_apply' "
      "THEN 'remote_apply' ELSE 'on' END, false)");
  return settled ? Result<void>() : failed(settled);
}

}  // namespace blindbook::service
