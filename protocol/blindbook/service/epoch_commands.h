#pragma once

#include <optional>
#include <vector>

#include "blindbook/base/error.h"
#include "blindbook/base/random.h"
#include "blindbook/base/types.h"
#include "blindbook/protocol/announcement.h"
#include "blindbook/service/operator_folder.h"

/// What an operator does to epochs by hand and without a list of subscribers. All else a publication does by
/// itself: epoch_life.h. Each call holds the folder's publish.lock, and refuses with BadInput "publish.locked"
/// while a publication runs.
namespace blindbook::service {

/// Opens the next epoch and announces it, with edition 0 until a publication gives it a directory. It begins
/// when it is due, or 3 days after `now` if that is earlier. Not a publication: everything else of the last
/// announcement is said again, its end too. BadInput "epoch.unpublished" before the first publication,
/// "epoch.announced" when one is announced that has not begun or has no directory; Unavailable "publish.clock"
/// unless `clock_confirmed`; errors of certified_announcement_key(), OperatorFolder::open_epoch(), append_audit() and
/// announce().
[[nodiscard]] Result<protocol::OpenedAnnouncement> announce_next_epoch(OperatorFolder& folder, UnixTime now,
                                                                       bool clock_confirmed,
                                                                       RandomSource& random);

/// Destroys what has ended at `now`, without any key; which epochs had a key until then. Unavailable
/// "publish.clock" unless `clock_confirmed`, "file.remove".
[[nodiscard]] Result<std::vector<EpochId>> end_epochs(OperatorFolder& folder, UnixTime now,
                                                      bool clock_confirmed);

/// Ends one epoch before its time: announces the others alone, then destroys it. Clients that are still in it
/// move at their next run. Also one that has ended. BadInput "epoch.unknown" when it is not announced,
/// "epoch.last" when clients would have no other; and as announce_next_epoch().
[[nodiscard]] Result<std::vector<EpochId>> end_epoch(OperatorFolder& folder, const EpochId& epoch,
                                                     UnixTime now, bool clock_confirmed);

}  // namespace blindbook::service
