#include "blindbook/service/ledger_copy.h"

#include <algorithm>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

#include "blindbook/service/descriptor.h"
#include "blindbook/service/ledger_statements.h"
#include "blindbook/service/sqlite.h"

namespace blindbook::service {
namespace {

namespace fs = std::filesystem;

Result<SqliteDatabase> open_ledger(const fs::path& path) {
  std::error_code ignored;
  if (!fs::is_regular_file(path, ignored)) {
    return bad_input("ledger.file", path.string() + " is not a ledger");
  }
  Result<SqliteDatabase> database = SqliteDatabase::open(path);
  if (database) {
    if (Result<void> layout = ensure_ledger_layout(*database); !layout) {
      return failed(layout);
    }
  }
  return database;
}

}  // namespace

Result<void> back_up_ledger(const fs::path& from, const fs::path& to) {
  // SQLite would give the copy the umask's mode; an empty file that is there already keeps its own.
  const Descriptor created(::open(to.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!created.valid()) {
    return unavailable("file.write", "cannot write " + to.string());
  }
  {
    const Result<SqliteDatabase> ledger = open_ledger(from);
    if (!ledger) {
      return tl::unexpected<Error>(ledger.error());
    }
    Result<SqliteStatement> copy = ledger->prepare("VACUUM INTO ?1");
    if (!copy) {
      return failed(copy);
    }
    const std::string target = fs::absolute(to).string();
    if (Result<void> copied = copy->bind(1, std::string_view(target)).run(); !copied) {
      return copied;
    }
  }
  {
    const Result<SqliteDatabase> copy = open_ledger(to);
    if (!copy) {
      return tl::unexpected<Error>(copy.error());
    }
    // The second VACUUM leaves nothing of the rows in free pages; closing leaves one file.
    if (Result<void> cut = copy->execute("DELETE FROM request; VACUUM"); !cut) {
      return cut;
    }
  }
  if (::fsync(created.get()) != 0) {
    return unavailable("file.write", "cannot write " + to.string());
  }
  return {};
}

Result<void> reset_levels(const fs::path& path, const protocol::AllowancePolicy& policy) {
  const Result<SqliteDatabase> ledger = open_ledger(path);
  if (!ledger) {
    return tl::unexpected<Error>(ledger.error());
  }
  Result<SqliteTransaction> transaction = SqliteTransaction::begin(*ledger);
  if (!transaction) {
    return failed(transaction);
  }
  Result<SqliteStatement> update = ledger->prepare(
      "UPDATE account SET level = ?1, refilled_at = coalesce((SELECT refill_time FROM clock), refilled_at)");
  if (!update) {
    return failed(update);
  }
  const std::uint64_t level =
      (policy.capacity - std::min(policy.capacity, kRestoreMargin)) * protocol::kLevelPerEvaluation;
  if (Result<void> set = update->bind(1, static_cast<std::int64_t>(level)).run(); !set) {
    return set;
  }
  // Nobody resolves a whole address book: a level stays, but is not above what a day brings.
  Result<SqliteStatement> lower = ledger->prepare(
      "UPDATE label_account SET level = min(level, ?1), "
      "refilled_at = coalesce((SELECT refill_time FROM clock), refilled_at)");
  if (!lower) {
    return failed(lower);
  }
  const std::uint64_t day = protocol::kLabelAllowance.refill_per_day * protocol::kLevelPerEvaluation;
  if (Result<void> set = lower->bind(1, static_cast<std::int64_t>(day)).run(); !set) {
    return set;
  }
  if (Result<void> forgotten = ledger->execute("DELETE FROM request"); !forgotten) {
    return forgotten;
  }
  return transaction->commit();
}

}  // namespace blindbook::service
