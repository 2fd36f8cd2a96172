#pragma once

#include <memory>
#include <string>

#include "blindbook/base/error.h"
#include "blindbook/service/sources/sql.h"

namespace blindbook::service {

/// A PostgreSQL server. `where` is a connection string or a URI of libpq, in which everything may be left out that libpq
/// finds elsewhere: PGHOST and the like, a service file, a password file. Rows come one at a time, under REPEATABLE READ,
/// READ ONLY. No message holds a value out of a row, or what `where` says of a password.
///
/// BadInput "source.postgres" when this program was built without libpq, "source.connection" when `where` is none,
/// "source.password" when a password stands in it: a command line is read by everybody on that machine; Unavailable
/// "source.connect" when the server cannot be reached or does not let this user in.
[[nodiscard]] Result<std::unique_ptr<SqlConnection>> connect_postgres(const std::string& where);

}  // namespace blindbook::service
