#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "blindbook/base/bytes.h"
#include "blindbook/base/error.h"

struct sqlite3;
struct sqlite3_stmt;

namespace blindbook::service {

/// One prepared statement. Bind, step, read, reset; positions count from 1 for parameters and from 0 for
/// columns, as in SQLite. Not for several threads.
class SqliteStatement {
 public:
  /// No statement; only to be assigned to.
  SqliteStatement() noexcept = default;

  /// What the next step() sees for parameter `position`. Bound text and bytes must outlive the steps.
  SqliteStatement& bind(int position, std::int64_t value) noexcept;
  SqliteStatement& bind(int position, std::string_view text) noexcept;
  SqliteStatement& bind(int position, ByteView bytes) noexcept;

  /// True when a row is ready to be read, false when the statement is done. Unavailable "ledger.storage" when
  /// SQLite reports a failure, of bind() too.
  [[nodiscard]] Result<bool> step();
  /// Runs a statement that yields no rows, then resets it.
  [[nodiscard]] Result<void> run();
  [[nodiscard]] std::int64_t integer(int column) const noexcept;
  /// Until the next step().
  [[nodiscard]] std::string_view text(int column) const noexcept;
  [[nodiscard]] ByteView bytes(int column) const noexcept;
  void reset() noexcept;

 private:
  friend class SqliteDatabase;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept;
  };
  explicit SqliteStatement(sqlite3_stmt* statement) noexcept : statement_(statement) {}
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int bind_failure_ = 0;
};

/// One connection. Not for several threads; connections of other processes may work on the same file.
class SqliteDatabase {
 public:
  /// Opens `path`, creating it (0600) when missing, as WAL with synchronous=FULL: a transaction that was
  /// committed survives a loss of power. BadInput "ledger.file" when it is no database, Unavailable
  /// "ledger.storage" otherwise.
  [[nodiscard]] static Result<SqliteDatabase> open(const std::filesystem::path& path);

  [[nodiscard]] Result<SqliteStatement> prepare(std::string_view sql) const;
  /// Runs statements that take no parameters; rows are dropped.
  [[nodiscard]] Result<void> execute(const std::string& sql) const;
  /// First column of the first row of a query without parameters.
  [[nodiscard]] Result<std::int64_t> query_integer(std::string_view sql) const;
  /// Rows that the last statement inserted, changed or deleted.
  [[nodiscard]] std::int64_t changes() const noexcept;

 private:
  struct Close {
    void operator()(sqlite3* database) const noexcept;
  };
  explicit SqliteDatabase(sqlite3* database) noexcept : database_(database) {}
  std::unique_ptr<sqlite3, Close> database_;
};

/// A write transaction (BEGIN IMMEDIATE): rolled back unless commit() succeeded.
class SqliteTransaction {
 public:
  [[nodiscard]] static Result<SqliteTransaction> begin(const SqliteDatabase& database);
  ~SqliteTransaction();
  SqliteTransaction(SqliteTransaction&& other) noexcept;
  SqliteTransaction& operator=(SqliteTransaction&&) = delete;
  SqliteTransaction(const SqliteTransaction&) = delete;
  SqliteTransaction& operator=(const SqliteTransaction&) = delete;

  [[nodiscard]] Result<void> commit();

 private:
  explicit SqliteTransaction(const SqliteDatabase& database) noexcept : database_(&database) {}
  const SqliteDatabase* database_;  // null once committed
};

}  // namespace blindbook::service
