#include "blindbook/service/sources/postgres.h"

#include <string_view>
#include <utility>

#include <libpq-fe.h>

#include "blindbook/service/postgres_connection.h"

namespace blindbook::service {
namespace {

constexpr Oid kBoolean = 16;  // pg_type: the same in every server

/// A query that the server does not take, whatever the rows are.
bool is_fault_of_query(const PGresult* answer) {
  const std::string_view code = sqlstate_of(answer);
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
  PostgresRows(PGconn* connection, PostgresResult first) : connection_(connection), next_(std::move(first)) {
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
  PostgresResult row_;   // at hand
  PostgresResult next_;  // of which only its status is looked at
  std::vector<std::string> columns_;
};

class PostgresConnection final : public SqlConnection {
 public:
  explicit PostgresConnection(PostgresHandle connection) : connection_(std::move(connection)) {}

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
    PostgresResult first(PQgetResult(connection_.get()));
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
  PostgresHandle connection_;
};

}  // namespace

Result<std::unique_ptr<SqlConnection>> connect_postgres(const std::string& where) {
  Result<PostgresHandle> connection = connect_to_postgres(
      where, {.connection_rule = "source.connection",
              .connection_message = "what stands behind postgres: is no connection string of PostgreSQL",
              .password_rule = "source.password",
              .connect_rule = "source.connect"});
  if (!connection) {
    return failed(connection);
  }
  const PostgresResult begun(
      PQexec(connection->get(), "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"));
  if (PQresultStatus(begun.get()) != PGRES_COMMAND_OK) {
    return refused(connection->get(), begun.get());
  }
  return std::make_unique<PostgresConnection>(std::move(*connection));
}

}  // namespace blindbook::service
