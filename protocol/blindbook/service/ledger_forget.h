#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "blindbook/base/error.h"

namespace blindbook::service {

/// Rows that were removed.
struct ForgottenAccount {
  std::uint64_t accounts = 0;  ///< one for each issuer that has the account
  std::uint64_t requests = 0;
};

/// Removes all that the ledger at `path` knows of `account`, under whatever issuer, and overwrites it, while services
/// may work on the same file. To whoever asks next under that name it is a new account with a fresh allowance: so this is
/// for accounts that are closed. What it evaluated stays in the daily totals, which name no account. Errors of
/// SqliteDatabase::open() and ensure_ledger_layout(); Unavailable "ledger.storage".
[[nodiscard]] Result<ForgottenAccount> forget_account(const std::filesystem::path& path,
                                                      std::string_view account);

}  // namespace blindbook::service
