#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "blindbook/base/types.h"
#include "blindbook/service/served_set.h"

namespace blindbook::service {

/// Why a worker should get no requests at present, for /readyz and metrics. Stable names:
/// - "no-live-key": it has the key of no epoch that lives and has a directory, so it can evaluate nothing;
/// - "dead-key": it still holds the key of an epoch that ended more than kDeadKeyGrace ago;
/// - "old-announcement": what it announces is valid no longer, and clients refuse it;
/// - "ledger": charges cannot be written (WatchedLedger::is_writable());
/// - "draining": it ends.
inline constexpr std::array<std::string_view, 5> kUnreadyReasons{"no-live-key", "dead-key",
                                                                 "old-announcement", "ledger", "draining"};

/// Seconds that a worker has to let go of what has ended. It looks every half second, and every ten while that fails; were
/// there none, all workers would be unready at the same moment.
inline constexpr std::uint64_t kDeadKeyGrace = 60;

/// Those of kUnreadyReasons that hold at `now`; none: ready.
[[nodiscard]] std::vector<std::string_view> unready_reasons(const ServedSet& set, bool ledger_writable,
                                                            bool draining, UnixTime now);

}  // namespace blindbook::service
