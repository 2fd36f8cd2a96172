#pragma once

#include <filesystem>
#include <memory>

#include "tests/service/ledger/ledger_fixture.h"
#include "tests/support/temporary_folder.h"

namespace blindbook::service {

using test_support::TemporaryFolder;

class SqliteStore final : public LedgerStore {
 public:
  [[nodiscard]] Result<std::unique_ptr<KeptLedger>> open(const protocol::AllowancePolicy& policy,
                                                         LedgerOptions options) override;
  [[nodiscard]] const TemporaryFolder& folder() const noexcept { return folder_; }

 private:
  TemporaryFolder folder_;
};

/// For tests of what only SQLite does.
struct SqliteFixture : Fixture {
  const TemporaryFolder& folder = static_cast<const SqliteStore&>(*store).folder();
};

}  // namespace blindbook::service
