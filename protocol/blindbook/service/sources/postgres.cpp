#include "blindbook/service/sources/postgres.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <libpq-fe.h>

namespace blindbook::service {
namespace {

constexpr const char* kConnectTimeoutSeconds = "10";  // where the connection string names none
constexpr Oid kBoolean = 16;                          // pg_type: the same in every server

struct FinishConnection {
  void operator()(PGconn* connection) const noexcept { PQfinish(connection); }
};
struct ClearResult {
  void operator()(PGresult* result) const noexcept { PQclear(result); }
};
struct FreeOptions {
  void operator()(PQconninfoOption* options) const noexcept { PQconninfoFree(options); }
};
using Connection = std::unique_ptr<PGconn, FinishConnection>;
using Answer = std::unique_ptr<PGresult, ClearResult>;

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

/// Why `answer` is no answer.
std::string cause_of(const PGconn* connection, const PGresult* answer) {
  const char* const sqlstate = answer == nullptr ? nullptr : PQresultErrorField(answer, PG_DIAG_SQLSTATE);
  if (sqlstate == nullptr) {  // libpq's own, of the connection
    return first_line(PQerrorMessage(connection));
  }
  const char* const message = PQresultErrorField(answer, PG_DIAG_MESSAGE_PRIMARY);
  return holds_no_value(sqlstate) && message != nullptr ? first_line(message)
                                                        : "SQLSTATE " + std::string(sqlstate);
}

/// A query that the server does not take, whatever the rows are.
bool is_fault_of_query(const PGresult* answer) {
  const char* const sqlstate = answer == nullptr ? nullptr : PQresultErrorField(answer, PG_DIAG_SQLSTATE);
  const std::string_view code = sqlstate == nullptr ? "" : sqlstate;
  return code.starts_with("42") || code == "25006";  // syntax, names and rights; a write
}

tl::unexpected<Error> refused(const PGconn* connection, const PGresult* answer) {
  if (is_fault_of_query(answer)) {
    return bad_input("source.query", "the database does not take the query: " + cause_of(connection, answer),
                     "it is one SELECT, of what this user may read");
  }
  return unavailable("source.broken",
                     "the database failed before the end of the list: " + cause_of(connection, answer),
                     "psql shows more of it, and may show numbers");
}

class PostgresRows final : public SqlRows {
 public:
  /// `first` is the first row, or the end; the connection is in single-row mode.
  PostgresRows(PGconn* connection, Answer first) : connection_(connection), next_(std::move(first)) {
    for (int i = 0; i < PQnfields(next_.get()); ++i) {
      columns_.emplace_back(PQfname(next_.get(), i));
    }
  }

  [[nodiscard]] const std::vector<std::string>& columns() const noexcept override { return columns_; }
  [[nodiscard]] Result<bool> next() override {
    row_ = std::move(next_);
    switch (PQresultStatus(row_.get())) {
      case PGRES_SINGLE_TUPLE:
        next_.reset(PQgetResult(connection_));
        return true;
      case PGRES_TUPLES_OK:  // behind the last row, and empty
        next_.reset(PQgetResult(connection_));
        return false;
      default:  // none at all where the connection broke
        return refused(connection_, row_.get());
    }
  }
  [[nodiscard]] std::string_view text(std::size_t column) const override {
    const int at = static_cast<int>(column);
    const std::string_view value(PQgetvalue(row_.get(), 0, at),
                                 static_cast<std::size_t>(PQgetlength(row_.get(), 0, at)));
    if (PQftype(row_.get(), at) == kBoolean && !value.empty()) {
      return value == "t" ? "true" : "false";
    }
    return value;
  }

 private:
  PGconn* connection_;
  Answer row_;   // at hand
  Answer next_;  // of which only its status is looked at
  std::vector<std::string> columns_;
};

class PostgresConnection final : public SqlConnection {
 public:
  explicit PostgresConnection(Connection connection) : connection_(std::move(connection)) {}

  [[nodiscard]] Result<std::unique_ptr<SqlRows>> query(const SqlQuery& query) override {
    std::vector<const char*> values;
    values.reserve(query.parameters.size());
    for (const std::string& value : query.parameters) {
      values.push_back(value.c_str());
    }
    // The extended protocol takes one statement alone, so that none can end the transaction and go on behind it.
    if (PQsendQueryParams(connection_.get(), query.text.c_str(), static_cast<int>(values.size()), nullptr,
                          values.data(), nullptr, nullptr, 0) == 0 ||
        PQsetSingleRowMode(connection_.get()) == 0) {
      return refused(connection_.get(), nullptr);
    }
    Answer first(PQgetResult(connection_.get()));
    switch (PQresultStatus(first.get())) {
      case PGRES_SINGLE_TUPLE:
      case PGRES_TUPLES_OK:
        return std::make_unique<PostgresRows>(connection_.get(), std::move(first));
      case PGRES_COMMAND_OK:
      case PGRES_EMPTY_QUERY:
      case PGRES_COPY_OUT:
      case PGRES_COPY_IN:
      case PGRES_COPY_BOTH:
        return bad_input("source.query", "the query is not one statement that reads", "it is one SELECT");
      default:
        return refused(connection_.get(), first.get());
    }
  }

 private:
  Connection connection_;
};

/// What libpq says of a string that it cannot read may quote it, password and all, and so is not shown.
Result<void> check_connection_string(const std::string& where) {
  char* message = nullptr;
  const std::unique_ptr<PQconninfoOption, FreeOptions> options(PQconninfoParse(where.c_str(), &message));
  PQfreemem(message);
  if (options == nullptr) {
    return bad_input("source.connection",
                     "what stands behind postgres: is no connection string of PostgreSQL",
                     "it is like service=synapse, dbname=synapse user=blindbook, or the URI "
                     "postgres://blindbook@host/synapse");
  }
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    const std::string_view name = option->keyword;
    if ((name == "password" || name == "sslpassword") && option->val != nullptr) {
      return bad_input("source.password",
                       "a password on the command line is read by everybody on this machine",
                       "put it into ~/.pgpass or a service file, and name that with passfile= or service=");
    }
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<SqlConnection>> connect_postgres(const std::string& where) {
  if (Result<void> checked = check_connection_string(where); !checked) {
    return failed(checked);
  }
  // What stands before dbname gives way to the connection string, what stands behind it does not.
  const char* const names[] = {"connect_timeout", "fallback_application_name", "dbname", "client_encoding",
                               nullptr};
  const char* const values[] = {kConnectTimeoutSeconds, "blindbook", where.c_str(), "UTF8", nullptr};
  Connection connection(PQconnectdbParams(names, values, 1));
  if (connection == nullptr || PQstatus(connection.get()) != CONNECTION_OK) {
    return unavailable("source.connect",
                       "no connection to the database: " + first_line(PQerrorMessage(connection.get())),
                       "psql with the same connection string shows whether it is right");
  }
  // Notices would go to standard error, and may quote rows.
  PQsetNoticeProcessor(
      connection.get(), [](void*, const char*) {}, nullptr);
  const Answer begun(
      PQexec(connection.get(), "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"));
  if (PQresultStatus(begun.get()) != PGRES_COMMAND_OK) {
    return refused(connection.get(), begun.get());
  }
  return std::make_unique<PostgresConnection>(std::move(connection));
}

}  // namespace blindbook::service
