#include "blindbook/service/sources/sqlite.h"

#include <utility>

#include <sqlite3.h>

namespace blindbook::service {
namespace {

/// How long a reader waits for a writer to let go.
constexpr int kBusyTimeoutMilliseconds = 10'000;

struct CloseDatabase {
  void operator()(sqlite3* database) const noexcept { sqlite3_close_v2(database); }
};
struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;
using Statement = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

/// SQLite's own texts name causes, tables and words of the query, and a value only where the query itself raises one.
tl::unexpected<Error> refused(sqlite3* database) {
  return bad_input("source.query", std::string("the database does not take the query: ") + sqlite3_errmsg(database),
                   "it is one SELECT");
}

tl::unexpected<Error> broken(sqlite3* database) {
  return unavailable("source.broken", std::string("the database failed before the end of the list: ") +
                                          sqlite3_errmsg(database));
}

class SqliteRows final : public SqlRows {
 public:
  explicit SqliteRows(Statement statement) : statement_(std::move(statement)) {
    for (int i = 0; i < sqlite3_column_count(statement_.get()); ++i) {
      const char* const name = sqlite3_column_name(statement_.get(), i);
      columns_.emplace_back(name == nullptr ? "" : name);
    }
  }

  [[nodiscard]] const std::vector<std::string>& columns() const noexcept override { return columns_; }
  [[nodiscard]] Result<bool> next() override {
    switch (sqlite3_step(statement_.get())) {
      case SQLITE_ROW:
        return true;
      case SQLITE_DONE:
        return false;
      default:
        return broken(sqlite3_db_handle(statement_.get()));
    }
  }
  [[nodiscard]] std::string_view text(std::size_t column) const override {
    const auto* const begin =
        reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), static_cast<int>(column)));
    const int size = sqlite3_column_bytes(statement_.get(), static_cast<int>(column));
    return begin == nullptr ? std::string_view() : std::string_view(begin, static_cast<std::size_t>(size));
  }

 private:
  Statement statement_;
  std::vector<std::string> columns_;
};

class SqliteConnection final : public SqlConnection {
 public:
  explicit SqliteConnection(Database database) : database_(std::move(database)) {}

  [[nodiscard]] Result<std::unique_ptr<SqlRows>> query(const SqlQuery& query) override {
    sqlite3_stmt* prepared = nullptr;
    const char* rest = nullptr;
    const int code = sqlite3_prepare_v2(database_.get(), query.text.data(),
                                        static_cast<int>(query.text.size()), &prepared, &rest);
    Statement statement(prepared);
    if (code != SQLITE_OK) {
      return refused(database_.get());
    }
    const std::string_view behind =
        std::string_view(query.text).substr(static_cast<std::size_t>(rest - query.text.data()));
    if (statement == nullptr || sqlite3_stmt_readonly(prepared) == 0 || sqlite3_column_count(prepared) == 0 ||
        !is_empty(behind)) {
      return bad_input("source.query", "the query is not one statement that reads", "it is one SELECT");
    }
    if (sqlite3_bind_parameter_count(prepared) != static_cast<int>(query.parameters.size())) {
      return bad_input("source.query", "the query has parameters, which nothing gives a value",
                       "write the values into the query");
    }
    for (std::size_t i = 0; i < query.parameters.size(); ++i) {
      const std::string& value = query.parameters[i];
      if (sqlite3_bind_text64(prepared, static_cast<int>(i) + 1, value.c_str(), value.size(),
                              SQLITE_TRANSIENT, SQLITE_UTF8) != SQLITE_OK) {
        return broken(database_.get());
      }
    }
    return std::make_unique<SqliteRows>(std::move(statement));
  }

 private:
  /// No second statement: blanks, comments and semicolons alone, which SQLite prepares to nothing.
  bool is_empty(std::string_view text) {
    while (!text.empty()) {
      sqlite3_stmt* prepared = nullptr;
      const char* rest = nullptr;
      const int code =
          sqlite3_prepare_v2(database_.get(), text.data(), static_cast<int>(text.size()), &prepared, &rest);
      const Statement statement(prepared);
      if (code != SQLITE_OK || statement != nullptr) {
        return false;
      }
      text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
    }
    return true;
  }

  Database database_;
};

}  // namespace

Result<std::unique_ptr<SqlConnection>> connect_sqlite(const std::filesystem::path& file) {
  sqlite3* handle = nullptr;
  const int opened =
      sqlite3_open_v2(file.c_str(), &handle, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr);
  Database database(handle);
  if (opened != SQLITE_OK) {
    return bad_input("file.open", "cannot open " + file.string() + ": " + sqlite3_errmsg(handle));
  }
  sqlite3_busy_timeout(handle, kBusyTimeoutMilliseconds);
  // A transaction takes its view of the database at its first read.
  const int begun =
      sqlite3_exec(handle, "BEGIN; SELECT count(*) FROM sqlite_schema", nullptr, nullptr, nullptr);
  if (begun == SQLITE_NOTADB) {
    return bad_input("file.open", file.string() + " is no database of SQLite");
  }
  if (begun != SQLITE_OK) {
    return broken(handle);
  }
  return std::make_unique<SqliteConnection>(std::move(database));
}

}  // namespace blindbook::service
