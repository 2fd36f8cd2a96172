#include "blindbook/service/sqlite.h"

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include <fcntl.h>
#include <sqlite3.h>

#include "blindbook/service/descriptor.h"
#include "blindbook/service/storage_hint.h"

namespace blindbook::service {
namespace {

/// How long a writer waits for another process before it gives up.
constexpr int kBusyTimeoutMilliseconds = 10'000;

/// SQLite's texts name tables and causes, never values. The system's own reason is known where SQLite kept it
/// and has not made another call since, such as looking for a file that it could not create.
std::string cause_of(sqlite3* database) {
  const int reason = sqlite3_system_errno(database);
  return sqlite3_errmsg(database) +
         (storage_hint(reason).empty() ? std::string() : std::string(": ") + std::strerror(reason));
}

std::string hint_for(sqlite3* database) {
  switch (sqlite3_errcode(database)) {
    case SQLITE_FULL:
      return kMakeRoom;
    case SQLITE_READONLY:
      return kLetWrite;
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR: {
      const std::string hint = storage_hint(sqlite3_system_errno(database));
      return hint.empty() ? "is there room on that disk, and may the user who runs this write there?" : hint;
    }
    default:
      return {};
  }
}

tl::unexpected<Error> storage_failure(sqlite3* database) {
  return unavailable("ledger.storage", "the ledger's database failed: " + cause_of(database),
                     hint_for(database));
}

}  // namespace

void SqliteStatement::Finalize::operator()(sqlite3_stmt* statement) const noexcept {
  sqlite3_finalize(statement);
}

SqliteStatement& SqliteStatement::bind(int position, std::int64_t value) noexcept {
  bind_failure_ |= sqlite3_bind_int64(statement_.get(), position, value);
  return *this;
}

SqliteStatement& SqliteStatement::bind(int position, std::string_view text) noexcept {
  // A null pointer would bind NULL, which an empty view is not.
  bind_failure_ |= sqlite3_bind_text64(statement_.get(), position, text.empty() ? "" : text.data(),
                                       text.size(), SQLITE_STATIC, SQLITE_UTF8);
  return *this;
}

SqliteStatement& SqliteStatement::bind(int position, ByteView bytes) noexcept {
  bind_failure_ |= sqlite3_bind_blob64(statement_.get(), position, bytes.data(), bytes.size(), SQLITE_STATIC);
  return *this;
}

Result<bool> SqliteStatement::step() {
  const int code = bind_failure_ == SQLITE_OK ? sqlite3_step(statement_.get()) : SQLITE_ERROR;
  if (code == SQLITE_ROW) {
    return true;
  }
  if (code == SQLITE_DONE) {
    return false;
  }
  tl::unexpected<Error> failure = storage_failure(sqlite3_db_handle(statement_.get()));
  reset();
  return failure;
}

Result<void> SqliteStatement::run() {
  Result<bool> stepped = step();
  if (!stepped) {
    return failed(stepped);
  }
  reset();
  return {};
}

std::int64_t SqliteStatement::integer(int column) const noexcept {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string_view SqliteStatement::text(int column) const noexcept {
  return text_of(bytes(column));
}

ByteView SqliteStatement::bytes(int column) const noexcept {
  const auto* const bytes = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_.get(), column));
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

void SqliteStatement::reset() noexcept {
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());
  bind_failure_ = 0;
}

void SqliteDatabase::Close::operator()(sqlite3* database) const noexcept {
  sqlite3_close_v2(database);
}

Result<SqliteDatabase> SqliteDatabase::open(const std::filesystem::path& path) {
  // SQLite would create the file, and later its -wal and -shm, with the umask's mode; they take the mode of
  // this one.
  if (!Descriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)).valid()) {
    return unavailable("ledger.storage", "cannot open " + path.string() + ": " + std::strerror(errno),
                       storage_hint(errno));
  }
  sqlite3* handle = nullptr;
  const int code =
      sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  SqliteDatabase database(handle);
  if (code != SQLITE_OK) {
    return unavailable("ledger.storage", "cannot open " + path.string() + ": " + cause_of(handle),
                       hint_for(handle));
  }
  sqlite3_busy_timeout(handle, kBusyTimeoutMilliseconds);
  const Result<void> prepared = database.execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;");
  if (!prepared) {
    if (sqlite3_errcode(handle) == SQLITE_NOTADB) {
      return bad_input("ledger.file", path.string() + " is not a ledger");
    }
    return unavailable("ledger.storage", "cannot open " + path.string() + ": " + cause_of(handle),
                       hint_for(handle));
  }
  return database;
}

Result<SqliteStatement> SqliteDatabase::prepare(std::string_view sql) const {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(database_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) {
    return storage_failure(database_.get());
  }
  return SqliteStatement(statement);
}

Result<void> SqliteDatabase::execute(const std::string& sql) const {
  if (sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    return storage_failure(database_.get());
  }
  return {};
}

Result<std::int64_t> SqliteDatabase::query_integer(std::string_view sql) const {
  Result<SqliteStatement> statement = prepare(sql);
  if (!statement) {
    return failed(statement);
  }
  Result<bool> row = statement->step();
  if (!row) {
    return failed(row);
  }
  return *row ? statement->integer(0) : 0;
}

std::int64_t SqliteDatabase::changes() const noexcept {
  return sqlite3_changes64(database_.get());
}

Result<SqliteTransaction> SqliteTransaction::begin(const SqliteDatabase& database) {
  if (Result<void> begun = database.execute("BEGIN IMMEDIATE"); !begun) {
    return failed(begun);
  }
  return SqliteTransaction(database);
}

SqliteTransaction::SqliteTransaction(SqliteTransaction&& other) noexcept
    : database_(std::exchange(other.database_, nullptr)) {}

SqliteTransaction::~SqliteTransaction() {
  if (database_ != nullptr) {
    // Fails only when SQLite has rolled back by itself already.
    static_cast<void>(database_->execute("ROLLBACK"));
  }
}

Result<void> SqliteTransaction::commit() {
  Result<void> committed = database_->execute("COMMIT");
  if (committed) {
    database_ = nullptr;
  }
  return committed;
}

}  // namespace blindbook::service
