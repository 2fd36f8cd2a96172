#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "blindbook/base/bytes.h"
#include "blindbook/base/error.h"
#include "blindbook/base/types.h"
#include "blindbook/protocol/announcement.h"
#include "blindbook/protocol/ed25519.h"
#include "blindbook/protocol/log_segment.h"
#include "blindbook/protocol/server.h"
#include "blindbook/service/event.h"
#include "blindbook/service/label_store.h"
#include "blindbook/service/periodic.h"

namespace blindbook::service {

/// A public object in memory. Immutable; lives as long as anybody sends it.
struct ServedObject {
  ByteView bytes;
  std::string etag;                   ///< SHA-256 in hex, in quotes: a strong entity tag
  UnixTime not_before;                ///< of its epoch: nobody gets it earlier,
  UnixTime not_after;                 ///< nor later
  std::shared_ptr<const void> owner;  ///< of the bytes
};

/// All that goes with one announcement: the announcement, its directories and patches, each compared with the
/// digest that the announcement names, and the keys of its epochs. Immutable.
class ServedSet {
 public:
  [[nodiscard]] const protocol::Announcement& announcement() const noexcept { return opened_.announcement; }
  [[nodiscard]] const protocol::OpenedAnnouncement& opened() const noexcept { return opened_; }
  [[nodiscard]] const protocol::Evaluator& evaluator() const noexcept { return evaluator_; }

  /// The directory or patch whose path is `target`, "/v1/directory/<epoch>/<edition>" or
  /// "/v1/patch/<epoch>/<from>-<to>", exactly as written here; null when there is none.
  [[nodiscard]] std::shared_ptr<const ServedObject> find(std::string_view target) const;

  /// The log from `seq` on, encoded (log_segment.h); nothing where it has no announcement of that number.
  [[nodiscard]] std::optional<Bytes> log_from(std::uint64_t seq) const;
  /// The labels of an epoch that are resolved on use, of the edition announced here; null when there are none.
  [[nodiscard]] const LabelStore* labels(const EpochId& epoch) const noexcept;

  /// When the first of its epochs ends, after which nothing of it may be kept.
  [[nodiscard]] UnixTime first_end() const noexcept { return first_end_; }

 private:
  friend class ServedSets;
  ServedSet(protocol::OpenedAnnouncement opened, protocol::Evaluator evaluator)
      : opened_(std::move(opened)), evaluator_(std::move(evaluator)) {}

  protocol::OpenedAnnouncement opened_;
  protocol::Evaluator evaluator_;
  std::map<std::string, std::shared_ptr<const ServedObject>, std::less<>> objects_;
  std::optional<protocol::LogSegment> log_;
  std::vector<std::shared_ptr<const LabelStore>> labels_;
  UnixTime first_end_;
};

/// Where the served objects come from.
struct ServedSource {
  std::filesystem::path public_folder;  ///< holds announcement.bba, log.bbl, directory/ and patch/
  protocol::Ed25519PublicKey root;
  /// The keys of the announced epochs that have not ended.
  std::function<Result<std::vector<protocol::EpochKey>>(UnixTime now)> load_keys;
  /// Holds the stores of labels that are resolved on use (label_store.h); never public.
  std::filesystem::path labels_folder = {};
};

/// The set served at present, replaced as a whole when a new announcement stands in the folder. Thread-safe.
class ServedSets {
 public:
  /// Loads the first set. BadInput "served.unpublished" when there is no announcement yet, "served.file" when
  /// a directory, patch or label store is missing or is not the announced one, "served.key" when the key of a live epoch
  /// is missing; and the errors of open_announcement() and of `load_keys`. `now` is the wall clock.
  [[nodiscard]] static Result<std::unique_ptr<ServedSets>> open(ServedSource source, UnixTime now);

  /// Never null.
  [[nodiscard]] std::shared_ptr<const ServedSet> current() const;

  /// Loads the folder again when announcement.bba was replaced, an epoch has ended, or the clock was set back:
  /// what had ended by the wrong one may live. True when the set was
  /// switched; false when there was nothing to do. On an error, those of open() or BadInput "served.rollback"
  /// (the announcement is older than the one served), the old set stays, and the same file is tried again at
  /// the next call.
  [[nodiscard]] Result<bool> refresh(UnixTime now);

  /// Loads the folder again whether or not anything seems to have changed, the keys too. Errors of refresh(), and the old
  /// set stays.
  [[nodiscard]] Result<void> reload(UnixTime now);

  /// Calls refresh() every half second from now on, and every ten while it fails, and tells `events` of each
  /// switch ("serving") and, once for each announcement, of a failure ("reload-failed"). To be called once.
  void watch(std::function<UnixTime()> clock, EventSink events);

 private:
  /// What tells one announcement file from the one that replaced it.
  struct FileStamp {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::int64_t seconds = 0;
    std::int64_t nanoseconds = 0;
    friend bool operator==(const FileStamp&, const FileStamp&) = default;
  };

  explicit ServedSets(ServedSource source) : source_(std::move(source)) {}
  [[nodiscard]] std::optional<FileStamp> stamp() const;
  /// With reloading_ held.
  [[nodiscard]] Result<void> switch_to_folder(UnixTime now);
  [[nodiscard]] Result<std::shared_ptr<const ServedSet>> load(UnixTime now) const;
  [[nodiscard]] Result<void> add_objects(ServedSet& set, const protocol::AnnouncedEpoch& epoch) const;
  [[nodiscard]] Result<void> add_labels(ServedSet& set, const protocol::AnnouncedEpoch& epoch) const;
  [[nodiscard]] Result<std::shared_ptr<const ServedObject>> load_object(const std::string& target,
                                                                        const std::filesystem::path& file,
                                                                        const protocol::AnnouncedEpoch& epoch,
                                                                        std::uint64_t size,
                                                                        ByteView sha256) const;

  const ServedSource source_;
  std::mutex reloading_;  // one refresh at a time; guards stamp_ and loaded_at_
  std::optional<FileStamp> stamp_;
  UnixTime loaded_at_;
  mutable std::mutex mutex_;  // guards current_
  std::shared_ptr<const ServedSet> current_;
  std::optional<Periodic> watch_;  // ends first
};

}  // namespace blindbook::service
