#include "tests/service/ledger/sqlite_store.h"

#include <utility>

#include "blindbook/service/sqlite_ledger.h"

namespace blindbook::service {

Result<std::unique_ptr<KeptLedger>> SqliteStore::open(const protocol::AllowancePolicy& policy,
                                                      LedgerOptions options) {
  Result<std::unique_ptr<SqliteLedger>> ledger =
      SqliteLedger::open(folder_ / "blindbook.db", policy, std::move(options));
  if (!ledger) {
    return failed(ledger);
  }
  return std::unique_ptr<KeptLedger>(std::move(*ledger));
}

std::unique_ptr<LedgerStore> make_ledger_store() {
  return std::make_unique<SqliteStore>();
}

}  // namespace blindbook::service
