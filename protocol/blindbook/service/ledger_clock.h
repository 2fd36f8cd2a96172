#pragma once

#include <cstdint>
#include <optional>

#include "blindbook/base/types.h"

/// What time it is for the ledger. A wall clock can be set wrong, so that it must neither give back allowance
/// nor make the ledger forget what was charged: docs/spec/evaluate.md.
namespace blindbook::service {

/// Kept in the ledger's database.
struct LedgerClock {
  /// max(previous, wall clock): never goes back. Requests are forgotten by it.
  UnixTime time;
  /// Advances with `time`, but by one day at most where the wall clock was not watched (a restart, a long
  /// pause), so that no gap refills more. Accounts are refilled by it.
  UnixTime refill_time;
  /// The wall clock jumped under a running worker: both times stand still until a person confirms it.
  bool held = false;
  /// Counts confirmations, so that every worker learns of one.
  std::uint64_t confirmations = 0;

  friend bool operator==(const LedgerClock&, const LedgerClock&) = default;
};

/// The clock of a ledger that is used for the first time.
[[nodiscard]] LedgerClock first_clock(UnixTime wall) noexcept;

/// `clock` after a person found the wall clock right. The gap since then refills one day at most.
[[nodiscard]] LedgerClock confirmed(LedgerClock clock) noexcept;

/// One worker's watch over its wall clock.
class ClockWatch {
 public:
  /// How far the wall clock may run ahead of the monotonic one, in seconds, counted from this worker's start
  /// or the last confirmation.
  static constexpr std::uint64_t kLargestJump = 3'600;

  /// The ledger's clock at `wall`, from what is stored. `monotonic` are seconds of a clock that nobody can
  /// set.
  [[nodiscard]] LedgerClock advance(const LedgerClock& stored, UnixTime wall, std::uint64_t monotonic);

 private:
  struct Anchor {
    UnixTime wall;
    std::uint64_t monotonic;
    std::uint64_t confirmations;
  };
  std::optional<Anchor> anchor_;
};

}  // namespace blindbook::service
