#include "blindbook/service/ledger_open.h"

#include "blindbook/service/postgres_ledger.h"
#include "blindbook/service/sqlite_ledger.h"

namespace blindbook::service {

Result<bool> is_postgres_ledger(const std::string& where) {
  if (where.starts_with("postgresql://") || where.starts_with("postgres://")) {
    return true;
  }
  if (where == "sqlite") {
    return false;
  }
  return bad_input("ledger.connection", "what names the ledger is neither sqlite nor a URI of PostgreSQL",
                   "it is like postgresql://blindbook@db.city.example/blindbook?sslmode=verify-full");
}

Result<std::unique_ptr<KeptLedger>> open_ledger(const std::filesystem::path& path, const Config& config) {
  LedgerOptions options{.ceiling_floor = config.ceiling_floor};
  if (config.ledger) {
    return open_postgres_ledger(*config.ledger, config.allowance, std::move(options));
  }
  auto ledger = SqliteLedger::open(path, config.allowance, std::move(options));
  if (!ledger) {
    return failed(ledger);
  }
  return std::unique_ptr<KeptLedger>(std::move(*ledger));
}

}  // namespace blindbook::service
