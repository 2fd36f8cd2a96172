#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "blindbook/base/error.h"
#include "blindbook/base/identifier.h"
#include "blindbook/base/random.h"
#include "blindbook/base/types.h"
#include "blindbook/protocol/announcement.h"
#include "blindbook/service/operator_folder.h"
#include "blindbook/service/publish_index.h"

/// Takes one number out of everything that is served, at once and without the subscriber list, and keeps it out until
/// its epochs end or the erasure is lifted, whatever the list says.
namespace blindbook::service {

/// How an epoch stands after an erasure.
struct ErasedFrom {
  EpochId epoch;
  NumberHash number;           ///< under the index key of this epoch
  bool was_published = false;  ///< the number stood in the announced edition
  Edition edition;             ///< announced now, without the number; 0: nothing is published yet
  UnixTime key_ends;  ///< the epoch's not_after: then its keys go, with which old copies could be read
};

struct ErasureReceipt {
  std::vector<ErasedFrom> epochs;  ///< that have not ended, in the order of not_before; at least one
  bool was_published = false;      ///< in any of them
  UnixTime caches_until;  ///< the latest time at which an HTTP cache may still hand out what was served
  std::optional<protocol::OpenedAnnouncement> announced;  ///< nothing when no edition had to be made
  std::vector<std::string> notices;                       ///< as PublishReport's
};

/// Erases `number` from every epoch of `folder` that has not ended at `now`. In this order, so that a crash leaves one
/// whole edition, and what is erased stays so: the lists of erased numbers; the editions; the announcement, which
/// expires when the last one would have. BadInput "publish.locked", "erase.epoch" (no epoch lives),
/// "publish.certificate", "publish.log", "erase.directory" when the directory that is announced is gone or damaged: the
/// number is on the lists by then, so the next publication does the rest; the errors of remember_epoch() and
/// write_edition_files(). Unavailable "file.write",
/// "publish.clock".
[[nodiscard]] Result<ErasureReceipt> erase_number(OperatorFolder& folder, const Identifier& number,
                                                  UnixTime now, RandomSource& random);

/// Takes `number` off the lists of erased numbers, so that the next publication does what the subscriber list says.
/// From how many epochs it had been erased. BadInput "publish.locked"; errors of OperatorFolder::load_index() and
/// ErasedList. Unavailable "file.write".
[[nodiscard]] Result<std::size_t> lift_erasure(OperatorFolder& folder, const Identifier& number,
                                               UnixTime now);

}  // namespace blindbook::service
