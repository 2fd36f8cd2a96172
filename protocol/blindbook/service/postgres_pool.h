#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "blindbook/base/error.h"
#include "blindbook/service/postgres_session.h"

namespace blindbook::service {

/// Sessions of a ledger's database that are kept open between uses. Thread-safe.
class PostgresPool {
 public:
  /// `where` as open_postgres_ledger() takes it.
  explicit PostgresPool(std::string where) : where_(std::move(where)) {}

  /// A session of the caller's own, which ends with it unless it is given back.
  struct Lease {
    std::unique_ptr<PostgresSession> session;
    bool was_open = false;  ///< it may have broken since it was used last
    std::uint64_t generation = 0;
  };
  /// One that is kept, or a new one, whose layout was looked at. Errors of open_postgres_ledger().
  [[nodiscard]] Result<Lease> lease();
  /// For the next use. Nothing may be under way on it.
  void give_back(Lease lease);
  /// A session broke: those that are kept, and are to the same server, are of no use either.
  void discard_kept();

 private:
  const std::string where_;
  std::mutex mutex_;  // guards all below
  std::vector<std::unique_ptr<PostgresSession>> kept_;
  std::uint64_t generation_ = 0;
};

}  // namespace blindbook::service
