#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "blindbook/base/error.h"

struct pg_conn;
struct pg_result;

/// What a reader of subscribers and the ledger share of PostgreSQL: how a connection is opened, closed and spoken of.
namespace blindbook::service {

struct FinishPostgres {
  void operator()(pg_conn* connection) const noexcept;
};
struct ClearPostgres {
  void operator()(pg_result* result) const noexcept;
};
/// One connection of libpq. Not for several threads.
using PostgresHandle = std::unique_ptr<pg_conn, FinishPostgres>;
using PostgresResult = std::unique_ptr<pg_result, ClearPostgres>;

/// How the caller names what is wrong, and what it tells its user.
struct PostgresWords {
  std::string_view connection_rule;  ///< BadInput: the string is none
  std::string connection_message;
  std::string_view password_rule;  ///< BadInput: a password stands in it
  std::string_view connect_rule;  ///< Unavailable: the server cannot be reached, or does not let this user in
};

/// The five characters of SQLSTATE; empty for an error of libpq's own, such as a connection that broke.
[[nodiscard]] std::string_view sqlstate_of(const pg_result* result) noexcept;

/// Why `result`, which may be null, is not what was asked for, in one line. PostgreSQL quotes what stands in a row in some
/// of its messages; of these only the code is given.
[[nodiscard]] std::string cause_of(const pg_conn* connection, const pg_result* result);

/// Connects to `where`, a connection string or a URI of libpq, in which everything may be left out that libpq finds
/// elsewhere: PGHOST and the like, a service file, a password file. Waits 10 seconds at most where `where` does not say. No
/// message holds what `where` says of a password; what the server notices is dropped.
[[nodiscard]] Result<PostgresHandle> connect_to_postgres(const std::string& where,
                                                         const PostgresWords& words);

}  // namespace blindbook::service
