#pragma once

#include <optional>

#include "blindbook/base/error.h"
#include "blindbook/base/types.h"
#include "blindbook/protocol/announcement.h"
#include "blindbook/protocol/log_segment.h"
#include "blindbook/service/operator_folder.h"

/// What an operator keeps of its announcements: the body of each in log/<seq>.bba for as long as one of its epochs lives,
/// and its hash in log/hashes.bbl for ever, which public/log.bbl repeats for clients that missed some. To be called by
/// who holds the folder's publish.lock.
namespace blindbook::service {

/// Adds `announced`, whose body stands in the log already, to the hashes, then replaces public/log.bbl. The hashes begin
/// anew with the bodies that are left where they were lost, or where a restored folder skips announcements.
/// Unavailable "file.*".
[[nodiscard]] Result<void> log_hash(const OperatorFolder& folder,
                                    const protocol::OpenedAnnouncement& announced);

/// Unlinks the bodies of announcements all of whose epochs have ended at `now`, but never of the last one: `last`. What
/// cannot be unlinked now is at the next publication.
void remove_ended_bodies(const OperatorFolder& folder, std::uint64_t last, UnixTime now);

/// The hashes in `file`, if they lead to the announcement of `seq` and `head`: nothing when they are missing or lead
/// elsewhere, since a gap in the log is better than a service that does not start.
[[nodiscard]] std::optional<protocol::LogSegment> read_log_hashes(const std::filesystem::path& file,
                                                                  std::uint64_t seq,
                                                                  const protocol::Head& head);

}  // namespace blindbook::service
