#pragma once

#include <cstdint>

#include "blindbook/base/error.h"
#include "blindbook/service/sqlite.h"

namespace blindbook::service {

/// The layout of a ledger's database (PRAGMA user_version) that this program reads and writes.
inline constexpr std::int64_t kLedgerVersion = 3;

/// Creates the layout in an empty database, and changes an older one into it. BadInput "ledger.version" when a newer program wrote it,
/// "ledger.file" when it holds something else; Unavailable "ledger.storage".
[[nodiscard]] Result<void> ensure_ledger_layout(const SqliteDatabase& database);

/// Every prepared statement of the ledger, with its parameters in order.
struct LedgerStatements {
  SqliteStatement insert_request;       ///< issuer, account, digest, charged_at; changes nothing when present
  SqliteStatement count_retry;          ///< issuer, account, digest -> retries, charged_at
  SqliteStatement purge_requests;       ///< charged before
  SqliteStatement read_account;         ///< issuer, account -> level, refilled_at
  SqliteStatement write_account;        ///< issuer, account, level, refilled_at
  SqliteStatement read_label_account;   ///< as read_account, of the allowance of labels
  SqliteStatement write_label_account;  ///< as write_account, of the allowance of labels
  SqliteStatement read_daily;           ///< issuer, day -> evaluations
  SqliteStatement read_totals;          ///< issuer, before day, how many -> evaluations, latest first
  SqliteStatement add_daily;            ///< issuer, day, evaluations
  SqliteStatement purge_daily;          ///< before day
  SqliteStatement add_spending;         ///< issuer, account, epoch, evaluations, day
  SqliteStatement purge_spending;       ///< last before day
  SqliteStatement read_clock;           ///< -> time, refill_time, held, confirmations
  SqliteStatement write_clock;          ///< time, refill_time, held, confirmations

  [[nodiscard]] static Result<LedgerStatements> prepare(const SqliteDatabase& database);
};

}  // namespace blindbook::service
