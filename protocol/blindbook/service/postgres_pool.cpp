#include "blindbook/service/postgres_pool.h"

#include <utility>

#include "blindbook/service/postgres_ledger_layout.h"

namespace blindbook::service {
namespace {

Result<std::unique_ptr<PostgresSession>> open_session(const std::string& where) {
  Result<PostgresHandle> connection = connect_to_postgres(
      where, {.connection_rule = "ledger.connection",
              .connection_message = "what names the ledger is no connection string of PostgreSQL",
              .password_rule = "ledger.password",
              .connect_rule = "ledger.storage"});
  if (!connection) {
    return failed(connection);
  }
  Result<void> ready = settle_session(connection->get());
  if (ready) {
    ready = ensure_postgres_layout(connection->get());
  }
  if (!ready) {
    return failed(ready);
  }
  PostgresOutcome<PostgresSession> session =
      PostgresSession::start(std::move(*connection), ledger_statements());
  if (!session) {
    return unavailable("ledger.storage", "the ledger's database failed: " + session.error().cause);
  }
  return std::make_unique<PostgresSession>(std::move(*session));
}

}  // namespace

Result<PostgresPool::Lease> PostgresPool::lease() {
  Lease lease;
  {
    const std::lock_guard lock(mutex_);
    lease.generation = generation_;
    if (!kept_.empty()) {
      lease.session = std::move(kept_.back());
      lease.was_open = true;
      kept_.pop_back();
      return lease;
    }
  }
  Result<std::unique_ptr<PostgresSession>> session = open_session(where_);
  if (!session) {
    return failed(session);
  }
  lease.session = std::move(*session);
  return lease;
}

void PostgresPool::give_back(Lease lease) {
  const std::lock_guard lock(mutex_);
  if (lease.generation == generation_) {
    kept_.push_back(std::move(lease.session));
  }
}

void PostgresPool::discard_kept() {
  std::vector<std::unique_ptr<PostgresSession>> discarded;  // closed outside of the lock
  const std::lock_guard lock(mutex_);
  ++generation_;
  discarded.swap(kept_);
}

}  // namespace blindbook::service
