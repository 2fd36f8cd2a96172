#pragma once

#include <vector>

#include "blindbook/base/error.h"
#include "blindbook/base/types.h"
#include "blindbook/protocol/server.h"
#include "blindbook/service/event.h"
#include "blindbook/service/operator_folder.h"

namespace blindbook::service {

/// The keys that a service answers with at `now`: those of the epochs that `folder` announces to the public.
/// Destroys first what of these has ended, and tells `events` "epoch-destroyed"; unless the clock is doubtful
/// (publication_clock.h), which is told as "clock-doubted": by a clock that jumped, keys that clients need would
/// be gone for good. What cannot be destroyed is told as "destroy-failed", and tried again at the next call.
/// Errors of OperatorFolder::announcement() and load_announced_keys().
[[nodiscard]] Result<std::vector<protocol::EpochKey>> load_served_keys(OperatorFolder& folder, UnixTime now,
                                                                       const EventSink& events);

}  // namespace blindbook::service
