#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>

#include "blindbook/service/ledger.h"
#include "blindbook/service/watch/metric_family.h"

namespace blindbook::service {

/// Nanoseconds of a clock that nobody can set.
[[nodiscard]] std::chrono::nanoseconds steady_now();

/// A ledger that is counted and timed. It knows sums over all accounts, never whose they are. Thread-safe.
class WatchedLedger final : public Ledger {
 public:
  /// How long a ledger may be silent: two ticks, and time for a slow one.
  static constexpr std::chrono::seconds kLongestSilence{150};

  /// `ledger` is borrowed; it works at present. `clock` is for tests.
  explicit WatchedLedger(Ledger& ledger, std::function<std::chrono::nanoseconds()> clock = steady_now);

  [[nodiscard]] Result<ChargeOutcome> charge(const Charge& charge, UnixTime now) override;
  [[nodiscard]] Result<void> tick(UnixTime now) override;
  [[nodiscard]] Result<void> confirm_clock() override;
  [[nodiscard]] Result<LedgerSize> size() override;

  /// False when the last charge or tick failed, or none has ended for kLongestSilence: a ledger that hangs fails nothing. A
  /// ceiling that is reached is no failure.
  [[nodiscard]] bool is_writable() const;

  void write(PrometheusText& out) const;

 private:
  void worked();

  Ledger& ledger_;
  const std::function<std::chrono::nanoseconds()> clock_;
  std::atomic<bool> failed_{false};
  std::atomic<std::chrono::nanoseconds> worked_at_;
  std::atomic<std::uint64_t> evaluations_{0};
  std::atomic<std::uint64_t> labels_{0};
  CounterFamily charges_;
  DurationHistogram durations_;
};

}  // namespace blindbook::service
