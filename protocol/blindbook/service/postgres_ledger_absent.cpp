// Takes the place of postgres_ledger.cpp where there was no libpq to build with.
#include "blindbook/service/postgres_ledger.h"

namespace blindbook::service {

Result<std::unique_ptr<KeptLedger>> open_postgres_ledger(const std::string&, const protocol::AllowancePolicy&,
                                                         LedgerOptions) {
  return bad_input("ledger.postgres", "this program was built without PostgreSQL",
                   "build it again where libpq-dev is installed");
}

}  // namespace blindbook::service
