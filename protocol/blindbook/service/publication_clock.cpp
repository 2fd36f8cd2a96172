#include "blindbook/service/publication_clock.h"

#include <algorithm>

namespace blindbook::service {
namespace {

constexpr const char* kHint =
    "set the clock right; where it is right, and only the last publication is long ago or was made under a "
    "wrong clock, say so: --confirm-clock";

}  // namespace

Result<void> check_publication_clock(const protocol::Announcement& last, UnixTime now) {
  const std::uint64_t at = now.value();
  if (at + protocol::kClockTolerance < last.issued_at.value()) {
    return unavailable("publish.clock", "this machine's clock is behind the last announcement", kHint);
  }
  // The difference is taken of `now` alone: an announced time may be so late that a sum wraps around.
  if (at - std::min(at, kLongestSilence) > last.valid_until.value()) {
    return unavailable("publish.clock",
                       "this machine's clock is more than a week past the end of the last announcement",
                       kHint);
  }
  return {};
}

}  // namespace blindbook::service
