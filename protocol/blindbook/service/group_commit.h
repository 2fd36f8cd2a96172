#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "blindbook/service/ledger.h"

namespace blindbook::service {

/// One charge on its way into a ledger.
struct PendingCharge {
  const Charge& charge;
  UnixTime now;
  std::optional<Result<ChargeOutcome>> outcome = std::nullopt;
};

/// Commits charges that arrive while others are being committed together, so that a slow disk or a far server costs each
/// of them its delay and no throughput. The threads that wait do the work: there is none in the background.
class GroupCommit {
 public:
  /// Gives each of the charges its outcome, once that is durable.
  using Commit = std::function<void(const std::vector<PendingCharge*>&)>;

  /// One commit is under way at a time, of so many charges at most. Two would make the groups smaller, and both wait for
  /// the same disk or the same row: with PostgreSQL that halved the charges for each CPU second of the server.
  GroupCommit(std::size_t charges, Commit commit);

  /// Returns what `commit` gave, and throws what it threw.
  [[nodiscard]] Result<ChargeOutcome> charge(const Charge& charge, UnixTime now);

 private:
  struct Waiting : PendingCharge {
    enum class Stage { kQueued, kUnderWay, kDone } stage = Stage::kQueued;
    std::exception_ptr thrown = nullptr;  // in place of an outcome
  };
  void lead(std::unique_lock<std::mutex>& lock);

  const std::size_t charges_;
  const Commit commit_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Waiting*> queue_;
  bool committing_ = false;
};

}  // namespace blindbook::service
