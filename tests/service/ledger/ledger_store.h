#pragma once

#include <memory>

#include "blindbook/protocol/allowance.h"
#include "blindbook/service/kept_ledger.h"
#include "blindbook/service/ledger_options.h"

/// Where the ledgers of a test keep their rows. The tests of what every ledger does are built once for each engine, and
/// linked with the one that make_ledger_store() is of.
namespace blindbook::service {

class LedgerStore {
 public:
  LedgerStore() = default;
  LedgerStore(const LedgerStore&) = delete;
  LedgerStore& operator=(const LedgerStore&) = delete;
  virtual ~LedgerStore() = default;

  /// A worker of its own on the same rows.
  [[nodiscard]] virtual Result<std::unique_ptr<KeptLedger>> open(const protocol::AllowancePolicy& policy,
                                                                 LedgerOptions options) = 0;
};

/// An empty one.
[[nodiscard]] std::unique_ptr<LedgerStore> make_ledger_store();

}  // namespace blindbook::service
