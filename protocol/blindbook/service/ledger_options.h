#pragma once

#include <cstdint>
#include <functional>

#include "blindbook/service/ceiling.h"

namespace blindbook::service {

/// Seconds since the machine started, time asleep included: a clock that nobody can set.
[[nodiscard]] std::uint64_t monotonic_seconds();

/// What a ledger is opened with, wherever it keeps its rows.
struct LedgerOptions {
  std::uint64_t ceiling_floor = kDefaultCeilingFloor;  ///< evaluations a day, per issuer and for the service
  std::function<std::uint64_t()> monotonic = monotonic_seconds;
};

}  // namespace blindbook::service
