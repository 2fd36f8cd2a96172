#pragma once

#include <filesystem>
#include <memory>

#include "blindbook/base/error.h"
#include "blindbook/service/sources/sql.h"

namespace blindbook::service {

/// A database file of SQLite, opened so that it cannot be written. BadInput "file.open" when there is none or it is no
/// database; Unavailable "source.broken" when another program keeps it locked.
[[nodiscard]] Result<std::unique_ptr<SqlConnection>> connect_sqlite(const std::filesystem::path& file);

}  // namespace blindbook::service
