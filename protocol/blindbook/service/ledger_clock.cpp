#include "blindbook/service/ledger_clock.h"

#include <algorithm>

#include "blindbook/protocol/params.h"

namespace blindbook::service {

LedgerClock first_clock(UnixTime wall) noexcept {
  return {.time = wall, .refill_time = wall};
}

LedgerClock confirmed(LedgerClock clock) noexcept {
  clock.held = false;
  ++clock.confirmations;
  return clock;
}

LedgerClock ClockWatch::advance(const LedgerClock& stored, UnixTime wall, std::uint64_t monotonic) {
  if (!anchor_ || anchor_->confirmations != stored.confirmations) {
    anchor_ = Anchor{wall, monotonic, stored.confirmations};
  }
  LedgerClock clock = stored;
  const std::uint64_t expected = anchor_->wall.value() + (monotonic - anchor_->monotonic);
  if (wall.value() > expected && wall.value() - expected > kLargestJump) {
    clock.held = true;
  }
  if (clock.held || wall <= clock.time) {
    return clock;
  }
  // Workers store the time every minute, so a longer gap means that nobody watched the clock.
  const std::uint64_t gap = wall.value() - clock.time.value();
  clock.time = wall;
  clock.refill_time = UnixTime(clock.refill_time.value() + std::min(gap, protocol::kDay));
  return clock;
}

}  // namespace blindbook::service
