#pragma once

#include <cstdint>
#include <span>

#include "blindbook/service/postgres_session.h"

/// The tables of a ledger in PostgreSQL, and every statement on them: docs/spec/ledger.md.
namespace blindbook::service {

/// The layout that this program reads and writes.
inline constexpr std::uint64_t kPostgresLedgerVersion = 1;

/// Creates the layout in the schema `blindbook`, or changes an older one into it, one worker at a time. BadInput
/// "ledger.version" when a newer program made it, "ledger.file" when the schema is of something else; Unavailable
/// "ledger.storage".
[[nodiscard]] Result<void> ensure_postgres_layout(pg_conn* connection);

/// Lets the session wait for what is durable, and for nothing else for ever. Unavailable "ledger.storage".
[[nodiscard]] Result<void> settle_session(pg_conn* connection);

/// Numbers in parentheses are the parameters.
namespace ledger_sql {

inline constexpr PostgresStatement kBegin{"begin", "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"};
inline constexpr PostgresStatement kCommit{"commit", "COMMIT"};
inline constexpr PostgresStatement kRollback{"rollback", "ROLLBACK"};

inline constexpr PostgresStatement kReadClock{
    "read_clock", "SELECT time, refill_time, held, confirmations FROM blindbook.clock"};
/// (time, refill_time, held, confirmations); changes nothing when there is one.
inline constexpr PostgresStatement kFirstClock{
    "first_clock",
    "INSERT INTO blindbook.clock (id, time, refill_time, held, confirmations) "
    "VALUES (0, $1, $2, $3::bigint <> 0, $4) ON CONFLICT DO NOTHING"};
/// (time, refill_time, held, confirmations, and time, held and confirmations as they were read); changes nothing when
/// another worker was faster.
inline constexpr PostgresStatement kWriteClock{
    "write_clock",
    "UPDATE blindbook.clock SET time = $1, refill_time = $2, held = $3::bigint <> 0, confirmations = $4 "
    "WHERE id = 0 AND time = $5 AND held = ($6::bigint <> 0) AND confirmations = $7"};
inline constexpr PostgresStatement kConfirmClock{
    "confirm_clock", "UPDATE blindbook.clock SET held = false, confirmations = confirmations + 1"};

/// (issuer, account) -> level, refilled_at. Until the transaction ends no other worker charges the account.
inline constexpr PostgresStatement kLockAccount{
    "lock_account",
    "SELECT level, refilled_at FROM blindbook.account WHERE issuer = $1 AND account = $2 FOR UPDATE"};
/// (issuer, account, level, refilled_at); changes nothing when another worker was faster.
inline constexpr PostgresStatement kInsertAccount{
    "insert_account",
    "INSERT INTO blindbook.account (issuer, account, level, refilled_at) "
    "VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING"};
inline constexpr PostgresStatement kWriteAccount{
    "write_account",
    "UPDATE blindbook.account SET level = $3, refilled_at = $4 WHERE issuer = $1 AND account = $2"};
/// The same of the allowance of labels.
inline constexpr PostgresStatement kLockLabelAccount{
    "lock_label_account",
    "SELECT level, refilled_at FROM blindbook.label_account WHERE issuer = $1 AND account = $2 FOR UPDATE"};
inline constexpr PostgresStatement kInsertLabelAccount{
    "insert_label_account",
    "INSERT INTO blindbook.label_account (issuer, account, level, refilled_at) "
    "VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING"};
inline constexpr PostgresStatement kWriteLabelAccount{
    "write_label_account",
    "UPDATE blindbook.label_account SET level = $3, refilled_at = $4 WHERE issuer = $1 AND account = $2"};

/// (issuer, account, digest) -> charged_at, retries
inline constexpr PostgresStatement kReadRequest{
    "read_request",
    "SELECT charged_at, retries FROM blindbook.request WHERE issuer = $1 AND account = $2 AND digest = $3"};
/// (issuer, account, digest, charged_at, retries); fails when it is there, as the last of the guards against paying twice.
inline constexpr PostgresStatement kInsertRequest{
    "insert_request",
    "INSERT INTO blindbook.request (issuer, account, digest, charged_at, retries) "
    "VALUES ($1, $2, $3, $4, $5)"};
/// (issuer, account, digest, retries)
inline constexpr PostgresStatement kCountRetries{
    "count_retries",
    "UPDATE blindbook.request SET retries = $4 WHERE issuer = $1 AND account = $2 AND digest = $3"};
/// (charged before)
inline constexpr PostgresStatement kPurgeRequests{"purge_requests",
                                                  "DELETE FROM blindbook.request WHERE charged_at < $1"};

/// (issuer, how many) -> day, evaluations, latest first
inline constexpr PostgresStatement kReadDays{
    "read_days", "SELECT day, evaluations FROM blindbook.daily WHERE issuer = $1 ORDER BY day DESC LIMIT $2"};
/// (issuer, day, evaluations, ceiling); fails with 23514 when that would pass the ceiling. Other workers wait for this row,
/// so it is the last that a transaction changes.
inline constexpr PostgresStatement kAddDaily{
    "add_daily",
    "INSERT INTO blindbook.daily AS held (issuer, day, evaluations, ceiling) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (issuer, day) DO UPDATE SET evaluations = held.evaluations + excluded.evaluations, "
    "ceiling = excluded.ceiling"};
/// (before day)
inline constexpr PostgresStatement kPurgeDaily{"purge_daily", "DELETE FROM blindbook.daily WHERE day < $1"};

/// (issuer, account, epoch, evaluations, day)
inline constexpr PostgresStatement kAddSpending{
    "add_spending",
    "INSERT INTO blindbook.spending AS held (issuer, account, epoch, evaluations, first_day, last_day) "
    "VALUES ($1, $2, $3, $4, $5, $5) ON CONFLICT (account, issuer, epoch) DO UPDATE SET "
    "evaluations = held.evaluations + excluded.evaluations, "
    "last_day = greatest(held.last_day, excluded.last_day)"};
/// (last before day)
inline constexpr PostgresStatement kPurgeSpending{"purge_spending",
                                                  "DELETE FROM blindbook.spending WHERE last_day < $1"};

/// -> issuer, account, epoch, evaluations, first_day, last_day: the next ones behind (account, issuer, epoch)
inline constexpr PostgresStatement kListSpending{
    "list_spending",
    "SELECT issuer, account, epoch, evaluations, first_day, last_day FROM blindbook.spending "
    "WHERE (account, issuer, epoch) > ($1, $2, $3) ORDER BY account, issuer, epoch LIMIT 10000"};
/// -> issuer, day, evaluations
inline constexpr PostgresStatement kListDaily{
    "list_daily", "SELECT issuer, day, evaluations FROM blindbook.daily ORDER BY issuer, day"};
inline constexpr PostgresStatement kBeginListing{"begin_listing",
                                                 "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"};

/// (account) -> issuer, level, refilled_at; locks them
inline constexpr PostgresStatement kFindAccount{
    "find_account",
    "SELECT issuer, level, refilled_at FROM blindbook.account WHERE account = $1 ORDER BY issuer FOR UPDATE"};
inline constexpr PostgresStatement kFindLabelAccount{
    "find_label_account",
    "SELECT issuer, level, refilled_at FROM blindbook.label_account WHERE account = $1 "
    "ORDER BY issuer FOR UPDATE"};
/// (account) -> issuer, requests
inline constexpr PostgresStatement kFindRequests{
    "find_requests", "SELECT issuer, count(*) FROM blindbook.request WHERE account = $1 GROUP BY issuer"};
/// (issuer, account, level, refilled_at)
inline constexpr PostgresStatement kPutAccount{
    "put_account",
    "INSERT INTO blindbook.account (issuer, account, level, refilled_at) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (account, issuer) DO UPDATE SET level = excluded.level, refilled_at = excluded.refilled_at"};

/// (account)
inline constexpr PostgresStatement kForgetSpending{"forget_spending",
                                                   "DELETE FROM blindbook.spending WHERE account = $1"};
inline constexpr PostgresStatement kForgetRequests{"forget_requests",
                                                   "DELETE FROM blindbook.request WHERE account = $1"};
inline constexpr PostgresStatement kForgetAccount{"forget_account",
                                                  "DELETE FROM blindbook.account WHERE account = $1"};
inline constexpr PostgresStatement kForgetLabelAccount{
    "forget_label_account", "DELETE FROM blindbook.label_account WHERE account = $1"};

/// -> accounts, requests, bytes
inline constexpr PostgresStatement kSize{
    "size",
    "SELECT (SELECT count(*) FROM blindbook.account), (SELECT count(*) FROM blindbook.request), "
    "(SELECT coalesce(sum(pg_total_relation_size(class.oid)), 0) FROM pg_class AS class "
    "JOIN pg_namespace AS namespace ON namespace.oid = class.relnamespace "
    "WHERE namespace.nspname = 'blindbook' AND class.relkind = 'r')"};

}  // namespace ledger_sql

/// All of the above.
[[nodiscard]] std::span<const PostgresStatement> ledger_statements() noexcept;

}  // namespace blindbook::service
