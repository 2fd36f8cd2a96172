#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "blindbook/base/error.h"
#include "blindbook/base/random.h"
#include "blindbook/base/types.h"
#include "blindbook/protocol/announcement.h"
#include "blindbook/service/epoch_life.h"
#include "blindbook/service/label_settings.h"
#include "blindbook/service/operator_folder.h"
#include "blindbook/service/subscriber_list.h"
#include "blindbook/service/subscriber_source.h"
#include "blindbook/service/worker_pool.h"

/// From the operator's list of subscribers to what clients fetch. The steps, in this order, so that a crash
/// at any moment leaves the old edition whole:
///   0. destroy the keys, directories and patches of epochs that have ended, and open the next one when it is due
///      (epoch_life.h);
///   1. read every row; normalise and check those that the edition before does not have (publish_cache.h);
///   2. evaluate and seal these under the key of every epoch that has not ended, and sort them among the others;
///   3. write the directories, patches from earlier editions (star.h), stores of labels (label_store.h), and what the
///      next publication need not evaluate;
///   4. write the announcement into the log;
///   5. replace public/announcement.bba;
///   6. unlink the editions, patches, stores and caches that nobody is told of any more, and destroy the epochs.
namespace blindbook::service {

enum class PublishPhase {
  kReading,     ///< in bytes of the source; a total of 0 is unknown
  kEvaluating,  ///< in rows times epochs
};

struct PublishOptions {
  std::optional<std::string>
      region;                 ///< ISO 3166-1 alpha-2; without it only numbers that begin with + are published
  bool strict = false;        ///< one bad row stops the publication
  bool allow_shrink = false;  ///< also a list that lost more than a fifth of its rows is published
  LabelRequest labels;
  Rotation rotation = Rotation::kWhenDue;
  UnixTime now;
  bool clock_confirmed = false;  ///< a person says that `now` is right: publication_clock.h
  /// When the next publication will be; nothing: after the interval in the config.
  std::optional<UnixTime> next_publication = {};
  /// Called from the publishing thread. May be empty.
  std::function<void(PublishPhase phase, std::uint64_t done, std::uint64_t total)> progress;
  /// Called once, with all rejected rows, before anything is decided by them; also when publish() then fails.
  /// May be empty.
  std::function<void(std::span<const RejectedRow>)> on_rejected;
  /// Called with the epochs that were destroyed: first, if there are any, with those that had ended, also when
  /// publish() then fails; and with those that this announcement no longer names. May be empty.
  std::function<void(std::span<const EpochId>)> on_ended = {};
};

struct PublishReport {
  std::uint64_t well_formed = 0;  ///< rows, discoverable or not
  std::uint64_t published = 0;    ///< rows in each directory, or in that from which most were erased
  std::uint64_t erased = 0;       ///< discoverable rows left out because their numbers were erased: erasure.h
  std::uint64_t evaluated = 0;    ///< rows times epochs
  std::uint64_t rejected = 0;     ///< rows
  std::vector<std::string> notices;  ///< of what a publication can do without, a clause each for a person
  protocol::Announcement announcement;
  protocol::Head head;
  std::vector<EpochId> opened;                    ///< epochs that clients are told of for the first time
  std::vector<protocol::AnnouncedEpoch> cut_off;  ///< that lived, and that clients are told of no more
};

/// Publishes a new edition of every epoch of `folder` that lives, the next one among them once it is due. Only rows that
/// are discoverable are published; a list without any, or without rows, makes an empty edition. The announcement follows
/// the last one of the log, and a public folder that was lost is made anew. BadInput, and the old edition stays:
/// "publish.locked" (another publication runs), "publish.rows" (rows, but no well-formed one), "publish.shrink"
/// (shrink.h), "publish.strict", "publish.labels", "publish.certificate" (expired, or of another key),
/// "publish.log" (the log contradicts the public folder, or lacks what that has),
/// "publish.cache" (it contradicts the directory), "contact.region", and the errors of SubscriberSource, KeyStore,
/// OperatorFolder, settle_epochs() and remember_epoch(). Unavailable "file.write", and "publish.clock" unless the clock is
/// confirmed. `random` makes the keys of epochs.
[[nodiscard]] Result<PublishReport> publish(OperatorFolder& folder, SubscriberSource& source,
                                            const PublishOptions& options, WorkerPool& pool,
                                            RandomSource& random);

}  // namespace blindbook::service
