#pragma once

#include <cstdint>
#include <filesystem>

#include "blindbook/base/error.h"

namespace blindbook::service {

/// Whether a list of `rows`, discoverable or not, may follow the last one that was published. One of 100 rows or more that
/// lost more than a fifth of them is more likely cut off at its source than true; who withdraws keeps the row. How many the
/// last one had stands in the audit trail at `trail`: no file of its own can contradict it, and a backup carries it along.
/// BadInput "publish.shrink"; errors of last_audit_count().
[[nodiscard]] Result<void> check_shrink(const std::filesystem::path& trail, std::uint64_t rows);

}  // namespace blindbook::service
