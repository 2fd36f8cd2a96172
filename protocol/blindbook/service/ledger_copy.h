#pragma once

#include <cstdint>
#include <filesystem>

#include "blindbook/base/error.h"
#include "blindbook/protocol/allowance.h"

/// A ledger's way into a backup, and out of it on another machine.
namespace blindbook::service {

/// Writes what the ledger `from` holds at this moment to the new file `to` (0600), durably, while services go
/// on charging. The rows that name requests are left out: they live for 24 hours, and a backup would keep for
/// years who asked when. BadInput "ledger.file" when `from` is missing or no ledger, "ledger.version";
/// Unavailable "ledger.storage", "file.write".
[[nodiscard]] Result<void> back_up_ledger(const std::filesystem::path& from, const std::filesystem::path& to);

/// Evaluations by which a restored account stays below its capacity.
inline constexpr std::uint32_t kRestoreMargin = 320;

/// Sets every account of the ledger `path` to capacity - kRestoreMargin, or 0: what was spent since it was
/// copied is not known, and every client has to evaluate its whole address book anew. Of labels an account has
/// at most what a day brings. BadInput "ledger.file",
/// "ledger.version"; Unavailable "ledger.storage".
[[nodiscard]] Result<void> reset_levels(const std::filesystem::path& path,
                                        const protocol::AllowancePolicy& policy);

}  // namespace blindbook::service
