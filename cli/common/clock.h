#pragma once

#include <chrono>

#include "blindbook/base/types.h"

namespace blindbook::cli {

/// The wall clock: the one place where this program reads it. A clock before 1970 counts as 0, which every
/// check of freshness refuses.
[[nodiscard]] inline UnixTime now() {
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
          .count();
  return UnixTime(seconds < 0 ? 0 : static_cast<std::uint64_t>(seconds));
}

}  // namespace blindbook::cli
