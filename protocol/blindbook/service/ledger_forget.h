#pragma once

#include <filesystem>
#include <string_view>

#include "blindbook/base/error.h"
#include "blindbook/service/kept_ledger.h"

namespace blindbook::service {

/// Ledger::forget() of the SQLite file `path`, which overwrites what it removes, while services may work on the same file.
/// Errors of SqliteDatabase::open() and ensure_ledger_layout(); Unavailable "ledger.storage".
[[nodiscard]] Result<ForgottenAccount> forget_account(const std::filesystem::path& path,
                                                      std::string_view account);

}  // namespace blindbook::service
