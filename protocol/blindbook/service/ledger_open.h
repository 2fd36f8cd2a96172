#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "blindbook/service/config.h"
#include "blindbook/service/kept_ledger.h"
#include "blindbook/service/ledger_options.h"

namespace blindbook::service {

/// Whether `where` names a ledger in PostgreSQL: a URI that begins with postgresql:// or postgres://. BadInput
/// "ledger.connection" when it names no ledger at all: it is that, or "sqlite", the file in the operator's folder.
[[nodiscard]] Result<bool> is_postgres_ledger(const std::string& where);

/// The ledger of `config`: in PostgreSQL where it names one, else the file `path`. Errors of open_postgres_ledger() and
/// SqliteLedger::open().
[[nodiscard]] Result<std::unique_ptr<KeptLedger>> open_ledger(const std::filesystem::path& path,
                                                              const Config& config);

}  // namespace blindbook::service
