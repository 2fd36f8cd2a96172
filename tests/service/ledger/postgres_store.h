#pragma once

#include <memory>
#include <string>

#include "blindbook/service/postgres_connection.h"

#include "tests/service/ledger/ledger_fixture.h"

namespace blindbook::service {

/// In the database that BLINDBOOK_TEST_POSTGRESQL names by a URI, whose role is a superuser. It is the test's own: whatever
/// ledger is in it is removed.
class PostgresStore final : public LedgerStore {
 public:
  PostgresStore();
  [[nodiscard]] Result<std::unique_ptr<KeptLedger>> open(const protocol::AllowancePolicy& policy,
                                                         LedgerOptions options) override;
  [[nodiscard]] const std::string& where() const noexcept { return where_; }
  /// Runs statements beside the ledger; the first column of the first row, empty where there is none.
  std::string sql(const std::string& statements);
  /// Whether a commit waits for a standby that is not there, by one that is given up where it does.
  bool commits_wait();

 private:
  std::string where_;
  PostgresHandle beside_;
};

/// For tests of what only PostgreSQL does.
struct PostgresFixture : Fixture {
  PostgresStore& database = static_cast<PostgresStore&>(*store);
};

}  // namespace blindbook::service
