#pragma once

#include <cstdint>

#include "blindbook/base/error.h"
#include "blindbook/base/types.h"
#include "blindbook/protocol/announcement.h"
#include "blindbook/protocol/params.h"

/// Whether a clock can be believed when it says that epochs have ended (docs/decisions/0014).
namespace blindbook::service {

/// Seconds from the end of the last announcement to the latest time that is believed without a person's word.
inline constexpr std::uint64_t kLongestSilence = 7 * protocol::kDay;

/// Holds `now` against the announcement that was made last: Unavailable "publish.clock" when it lies more than
/// 10 minutes before that was issued, or more than kLongestSilence after that ended.
[[nodiscard]] Result<void> check_publication_clock(const protocol::Announcement& last, UnixTime now);

}  // namespace blindbook::service
