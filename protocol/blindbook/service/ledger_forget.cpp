#include "blindbook/service/ledger_forget.h"

#include <utility>

#include "blindbook/service/ledger_statements.h"
#include "blindbook/service/sqlite.h"

namespace blindbook::service {
namespace {

Result<std::uint64_t> remove(const SqliteDatabase& ledger, std::string_view sql, std::string_view account) {
  Result<SqliteStatement> statement = ledger.prepare(sql);
  if (!statement) {
    return failed(statement);
  }
  if (Result<void> done = statement->bind(1, account).run(); !done) {
    return failed(done);
  }
  return static_cast<std::uint64_t>(ledger.changes());
}

}  // namespace

Result<ForgottenAccount> forget_account(const std::filesystem::path& path, std::string_view account) {
  const Result<SqliteDatabase> ledger = SqliteDatabase::open(path);
  if (!ledger) {
    return tl::unexpected<Error>(ledger.error());
  }
  Result<void> ready = ensure_ledger_layout(*ledger);
  if (ready) {
    ready = ledger->execute("PRAGMA secure_delete = ON");  // freed space is overwritten with zeros
  }
  if (!ready) {
    return failed(ready);
  }
  Result<SqliteTransaction> transaction = SqliteTransaction::begin(*ledger);
  if (!transaction) {
    return failed(transaction);
  }
  const Result<std::uint64_t> requests = remove(*ledger, "DELETE FROM request WHERE account = ?1", account);
  const Result<std::uint64_t> accounts = remove(*ledger, "DELETE FROM account WHERE account = ?1", account);
  const Result<std::uint64_t> labels =
      remove(*ledger, "DELETE FROM label_account WHERE account = ?1", account);
  const Result<std::uint64_t> spending = remove(*ledger, "DELETE FROM spending WHERE account = ?1", account);
  if (!labels || !spending) {
    return tl::unexpected<Error>((labels ? spending : labels).error());
  }
  if (!requests || !accounts) {
    return tl::unexpected<Error>((requests ? accounts : requests).error());
  }
  if (Result<void> committed = transaction->commit(); !committed) {
    return failed(committed);
  }
  // What it overwrote stands in the write-ahead log until that is emptied; a service does so too, later.
  if (Result<void> emptied = ledger->execute("PRAGMA wal_checkpoint(TRUNCATE)"); !emptied) {
    return failed(emptied);
  }
  return ForgottenAccount{*accounts, *requests};
}

}  // namespace blindbook::service
