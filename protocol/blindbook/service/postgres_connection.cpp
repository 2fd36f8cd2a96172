#include "blindbook/service/postgres_connection.h"

#include <algorithm>
#include <array>

#include <libpq-fe.h>

namespace blindbook::service {
namespace {

constexpr const char* kConnectTimeoutSeconds = "10";
// A peer that vanished without a word is found within this time, and not within the two hours of TCP.
constexpr const char* kSilentPeerMilliseconds = "10000";

struct FreeOptions {
  void operator()(PQconninfoOption* options) const noexcept { PQconninfoFree(options); }
};

/// What went wrong; the lines behind the first explain it, or guess.
std::string first_line(std::string_view text) {
  return std::string(text.substr(0, text.find('\n')));
}

/// Whether the message of such an error is about connections, rights, the query or the server. Others quote what stands
/// in a row: `invalid input syntax for type integer: "+4930.."`. (Appendix A of PostgreSQL's manual, by class.)
bool holds_no_value(std::string_view sqlstate) {
  constexpr std::array<std::string_view, 11> kClasses{"08", "25", "28", "3D", "3F", "40",
                                                      "42", "53", "55", "57", "58"};
  return std::find(kClasses.begin(), kClasses.end(), sqlstate.substr(0, 2)) != kClasses.end();
}

/// What libpq says of a string that it cannot read may quote it, password and all, and so is not shown.
Result<void> check_connection_string(const std::string& where, const PostgresWords& words) {
  char* message = nullptr;
  const std::unique_ptr<PQconninfoOption, FreeOptions> options(PQconninfoParse(where.c_str(), &message));
  PQfreemem(message);
  if (options == nullptr) {
    return bad_input(words.connection_rule, words.connection_message,
                     "it is like service=synapse, dbname=synapse user=blindbook, or the URI "
                     "postgres://blindbook@host/synapse");
  }
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    const std::string_view name = option->keyword;
    if ((name == "password" || name == "sslpassword") && option->val != nullptr) {
      return bad_input(words.password_rule,
                       "a password on the command line is read by everybody on this machine",
                       "put it into ~/.pgpass or a service file, and name that with passfile= or service=");
    }
  }
  return {};
}

}  // namespace

void FinishPostgres::operator()(pg_conn* connection) const noexcept {
  PQfinish(connection);
}

void ClearPostgres::operator()(pg_result* result) const noexcept {
  PQclear(result);
}

std::string_view sqlstate_of(const pg_result* result) noexcept {
  const char* const sqlstate = result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_SQLSTATE);
  return sqlstate == nullptr ? std::string_view() : sqlstate;
}

std::string cause_of(const pg_conn* connection, const pg_result* result) {
  const std::string_view sqlstate = sqlstate_of(result);
  if (sqlstate.empty()) {
    return first_line(PQerrorMessage(connection));
  }
  const char* const message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  return holds_no_value(sqlstate) && message != nullptr ? first_line(message)
                                                        : "SQLSTATE " + std::string(sqlstate);
}

Result<PostgresHandle> connect_to_postgres(const std::string& where, const PostgresWords& words) {
  if (Result<void> checked = check_connection_string(where, words); !checked) {
    return failed(checked);
  }
  // What stands before dbname gives way to the connection string, what stands behind it does not.
  const char* const names[] = {"connect_timeout", "tcp_user_timeout", "fallback_application_name",
                               "dbname",          "client_encoding",  nullptr};
  const char* const values[] = {
      kConnectTimeoutSeconds, kSilentPeerMilliseconds, "blindbook", where.c_str(), "UTF8", nullptr};
  PostgresHandle connection(PQconnectdbParams(names, values, 1));
  if (connection == nullptr || PQstatus(connection.get()) != CONNECTION_OK) {
    return unavailable(words.connect_rule,
                       "no connection to the database: " + first_line(PQerrorMessage(connection.get())),
                       "psql with the same connection string shows whether it is right");
  }
  // Notices would go to standard error, and may quote rows.
  PQsetNoticeProcessor(
      connection.get(), [](void*, const char*) {}, nullptr);
  return connection;
}

}  // namespace blindbook::service
