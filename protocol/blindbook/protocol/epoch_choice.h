#pragma once

#include "blindbook/protocol/announcement.h"
#include "blindbook/protocol/state.h"

namespace blindbook::protocol {

/// The epoch to use at `now`, among those that live and have a directory; where none lives, one that does
/// within 10 minutes of `now`. Without a memory of an older one it is the newest. With one, the client stays
/// until a moment drawn once, uniformly from what is left of the 7 days of overlap, and kept in `state`: so
/// that a rotation does not make all clients ask again on one day, and none tells by its timing when it last
/// ran. Null when none fits.
[[nodiscard]] const AnnouncedEpoch* choose_epoch(const Announcement& announcement, ClientState& state,
                                                 UnixTime now, RandomSource& random);

}  // namespace blindbook::protocol
