#include "blindbook/service/publisher.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "blindbook/base/random.h"
#include "blindbook/directory/label_seal.h"
#include "blindbook/service/announcing.h"
#include "blindbook/service/atomic_file.h"
#include "blindbook/service/audit.h"
#include "blindbook/service/directory_build.h"
#include "blindbook/service/edition_files.h"
#include "blindbook/service/epoch_memory.h"
#include "blindbook/service/file_lock.h"
#include "blindbook/service/label_store.h"
#include "blindbook/service/publication_clock.h"
#include "blindbook/service/shrink.h"

namespace blindbook::service {
namespace {

using protocol::AnnouncedEpoch;
using protocol::Announcement;
using protocol::EpochKey;
using protocol::OpenedAnnouncement;

/// All that a publication begins with.
struct Ground {
  std::vector<EpochKey> keys;
  std::vector<EpochId> opened;
  protocol::Ed25519SecretKey announcement_key;
  std::optional<OpenedAnnouncement> last;
  std::vector<LabelSettings> labels;  // of keys[i]
  std::vector<EpochMemory> memories;  // of keys[i]
  std::vector<std::string> notices;

  [[nodiscard]] const AnnouncedEpoch* announced(const EpochId& id) const {
    if (!last) {
      return nullptr;
    }
    const auto& epochs = last->announcement.epochs;
    const auto at =
        std::find_if(epochs.begin(), epochs.end(), [&](const AnnouncedEpoch& one) { return one.id == id; });
    return at == epochs.end() ? nullptr : &*at;
  }
};

/// What the audit trail calls a publication.
std::string_view audit_name(Rotation rotation) {
  switch (rotation) {
    case Rotation::kWhenDue:
      break;
    case Rotation::kOrdinary:
      return "epoch rotate";
    case Rotation::kEmergency:
      return "epoch rotate --emergency";
  }
  return "publish";
}

void tell_ended(const PublishOptions& options, const std::vector<EpochId>& ended) {
  if (options.on_ended && !ended.empty()) {
    options.on_ended(ended);
  }
}

/// Destroys what has ended, and collects what the publication stands on.
Result<Ground> prepare(OperatorFolder& folder, const PublishOptions& options, RandomSource& random) {
  Result<std::optional<OpenedAnnouncement>> last = announcement_to_follow(folder);
  if (!last) {
    return failed(last);
  }
  const Announcement* const announced = *last ? &(*last)->announcement : nullptr;
  if (announced != nullptr && !options.clock_confirmed) {
    if (Result<void> checked = check_publication_clock(*announced, options.now); !checked) {
      return failed(checked);
    }
  }
  const Result<std::vector<EpochId>> ended = clear_epochs(folder, announced, options.now);
  if (!ended) {
    return tl::unexpected<Error>(ended.error());
  }
  tell_ended(options, *ended);
  Result<protocol::Ed25519SecretKey> announcement_key = certified_announcement_key(folder, options.now);
  if (!announcement_key) {
    return failed(announcement_key);
  }
  Result<SettledEpochs> epochs = settle_epochs(folder, announced, options.rotation, options.now, random);
  if (!epochs) {
    return failed(epochs);
  }
  std::vector<EpochId> ids;
  for (const EpochKey& key : epochs->keys) {
    ids.push_back(key.id);
  }
  Result<std::vector<LabelSettings>> labels = settle_labels(options.labels, ids, announced);
  if (!labels) {
    return failed(labels);
  }
  Ground ground{.keys = std::move(epochs->keys),
                .opened = std::move(epochs->opened),
                .announcement_key = std::move(*announcement_key),
                .last = std::move(*last),
                .labels = std::move(*labels),
                .memories = {},
                .notices = {}};
  for (const EpochId& id : ids) {
    Result<EpochMemory> memory = remember_epoch(folder, id, ground.announced(id), ground.notices);
    if (!memory) {
      return failed(memory);
    }
    ground.memories.push_back(std::move(*memory));
  }
  return ground;
}

/// All that were read, discoverable or not.
std::uint64_t rows_of(const SubscriberList& list) {
  return list.well_formed() + list.rejected().size();
}

Result<SubscriberList> read_rows(const OperatorFolder& folder, SubscriberSource& source, const Ground& ground,
                                 const PublishOptions& options, WorkerPool& pool) {
  Result<contact::Normaliser> normaliser = contact::Normaliser::create(options.region);
  if (!normaliser) {
    return failed(normaliser);
  }
  ReadingProgress progress;
  if (options.progress) {
    progress = [&](std::uint64_t done, std::uint64_t total) {
      options.progress(PublishPhase::kReading, done, total);
    };
  }
  const std::string region = options.region.value_or("");
  Result<SubscriberList> list =
      SubscriberList::read(source, *normaliser, !options.region.has_value(), ground.labels,
                           {.memories = ground.memories, .region = region}, pool, progress);
  if (!list) {
    return failed(list);
  }
  if (options.on_rejected) {
    options.on_rejected(list->rejected());
  }
  if (options.strict && !list->rejected().empty()) {
    return bad_input("publish.strict", std::to_string(list->rejected().size()) + " rows were rejected",
                     "put them right, or leave out --strict to publish the others");
  }
  if (list->well_formed() == 0 && !list->rejected().empty()) {
    return bad_input("publish.rows", "the subscriber list has no well-formed row",
                     "put the rejected rows right: each has its line and reason");
  }
  if (Result<void> shrunk =
          options.allow_shrink ? Result<void>() : check_shrink(folder.audit_path(), rows_of(*list));
      !shrunk) {
    return failed(shrunk);
  }
  return list;
}

/// Empty directories in the making, one for each epoch.
std::vector<DirectoryBuild> begin_directories(const Ground& ground, const SubscriberList& list) {
  std::vector<DirectoryBuild> builds;
  builds.reserve(ground.keys.size());
  for (std::size_t i = 0; i < ground.keys.size(); ++i) {
    const LabelSettings& labels = ground.labels[i];
    std::uint16_t label_bytes = 0;
    if (labels.mode != protocol::LabelMode::kNone) {
      // Every stripped label fits into kMaxLabelBytes, so there is a default for the longest of them.
      label_bytes = labels.label_bytes ? *labels.label_bytes
                                       : directory::default_label_bytes(list.longest_label(i)).value();
    }
    const AnnouncedEpoch* before = ground.announced(ground.keys[i].id);
    const Edition edition(before == nullptr ? 1 : before->edition.value() + 1);
    builds.emplace_back(ground.keys[i], edition, labels.mode, label_bytes, labels.label_template,
                        list.published(), &ground.memories[i], i);
  }
  return builds;
}

/// Evaluates every row under every key. Frees the rows as it goes, since the directories grow meanwhile.
Result<void> fill_directories(std::vector<DirectoryBuild>& builds, SubscriberList& list,
                              const PublishOptions& options, WorkerPool& pool) {
  std::uint64_t total = 0;
  for (const SubscriberList::Slice& slice : list.slices()) {
    total += slice.rows.size() * builds.size();
  }
  std::uint64_t done = 0;
  for (SubscriberList::Slice& slice : list.slices()) {
    for (DirectoryBuild& build : builds) {
      const auto tell = [&](std::uint64_t of_slice) {
        if (options.progress) {
          options.progress(PublishPhase::kEvaluating, done + of_slice, total);
        }
      };
      if (Result<void> added = build.add(slice, pool, tell); !added) {
        return added;
      }
      done += slice.rows.size();
      tell(0);
    }
    slice = {};
  }
  return {};
}

/// Writes an edition under names which no announcement has yet. Adds to `notices` why patches are missing.
Result<AnnouncedEpoch> write_edition(const OperatorFolder& folder, DirectoryBuild& build,
                                     const EpochMemory& memory, const AnnouncedEpoch* before,
                                     std::vector<std::string>& notices) {
  AnnouncedEpoch epoch{.id = build.key().id,
                       .public_key = build.key().keys.public_key,
                       .not_before = build.key().not_before,
                       .not_after = build.key().not_after,
                       .edition = build.edition(),
                       .root = {},
                       .label_mode = build.label_mode(),
                       .label_bytes = build.label_bytes(),
                       .label_template = build.label_template().text(),
                       .patches = {}};
  const Result<Bytes> file = build.finish();
  if (!file) {
    return tl::unexpected<Error>(file.error());
  }
  Result<void> written = write_edition_files(folder, epoch, *file, before, notices);
  if (written && memory.index && memory.rules) {
    written = create_folder(folder.cache_folder(epoch.id), FileAccess::kOwnerOnly);
    if (written) {
      written = build.write_cache(folder.cache_path(epoch.id, epoch.edition),
                                  cache_header_of(epoch, *memory.rules));
    }
  }
  if (!written) {
    return failed(written);
  }
  if (epoch.label_mode == protocol::LabelMode::kResolve) {
    SystemRandom random;
    if (Result<void> stored = build.store().write(folder.labels_folder(), epoch, memory.labels.get(), random);
        !stored) {
      return failed(stored);
    }
  }
  return epoch;
}

/// The epochs that clients were told of, that live, and that `now_announced` leaves out.
std::vector<AnnouncedEpoch> left_out(const Ground& ground, const Announcement& now_announced, UnixTime now) {
  std::vector<AnnouncedEpoch> out;
  if (ground.last) {
    const auto& epochs = now_announced.epochs;
    std::copy_if(ground.last->announcement.epochs.begin(), ground.last->announcement.epochs.end(),
                 std::back_inserter(out), [&](const AnnouncedEpoch& epoch) {
                   return now <= epoch.not_after &&
                          std::none_of(epochs.begin(), epochs.end(),
                                       [&](const AnnouncedEpoch& one) { return one.id == epoch.id; });
                 });
  }
  return out;
}

}  // namespace

Result<PublishReport> publish(OperatorFolder& folder, SubscriberSource& source, const PublishOptions& options,
                              WorkerPool& pool, RandomSource& random) {
  const Result<FileLock> lock =
      FileLock::acquire(folder.publish_lock_path(), "publish.locked", "another publication is running");
  if (!lock) {
    return tl::unexpected<Error>(lock.error());
  }
  remove_leftovers(folder.announcement_path());
  Result<Ground> ground = prepare(folder, options, random);
  if (!ground) {
    return failed(ground);
  }
  Result<SubscriberList> list = read_rows(folder, source, *ground, options, pool);
  if (!list) {
    return failed(list);
  }
  std::vector<DirectoryBuild> builds = begin_directories(*ground, *list);
  if (Result<void> filled = fill_directories(builds, *list, options, pool); !filled) {
    return failed(filled);
  }
  if (Result<void> restored = folder.restore_public_folder(); !restored) {
    return failed(restored);
  }
  std::vector<AnnouncedEpoch> epochs;
  std::uint64_t erased = 0;
  std::uint64_t evaluated = 0;
  for (std::size_t i = 0; i < builds.size(); ++i) {
    const AnnouncedEpoch* before = ground->announced(builds[i].key().id);
    Result<AnnouncedEpoch> epoch =
        write_edition(folder, builds[i], ground->memories[i], before, ground->notices);
    if (!epoch) {
      return failed(epoch);
    }
    epochs.push_back(std::move(*epoch));
    erased = std::max(erased, builds[i].erased());
    evaluated += builds[i].evaluated();
  }
  // Before anybody is told: an entry without its announcement is explained by a crash, the opposite by nothing.
  if (Result<void> noted =
          append_audit(folder.audit_path(), options.now, audit_name(options.rotation),
                       {{"announcement", ground->last ? ground->last->announcement.seq + 1 : 1},
                        {"epochs", epochs.size()},
                        {"rows", rows_of(*list)},
                        {"rejected", list->rejected().size()},
                        {"published", list->published() - erased}});
      !noted) {
    return failed(noted);
  }
  const std::uint64_t now = options.now.value();
  Result<OpenedAnnouncement> announced =
      announce(folder, ground->announcement_key, ground->last,
               {.epochs = std::move(epochs),
                .issued_at = options.now,
                .valid_until = UnixTime(now + protocol::kAnnouncementLife),
                .next_publication =
                    options.next_publication.value_or(UnixTime(now + folder.config().publication_interval))});
  if (!announced) {
    return failed(announced);
  }
  remove_old_editions(folder, announced->announcement);
  std::vector<AnnouncedEpoch> cut_off = left_out(*ground, announced->announcement, options.now);
  const Result<std::vector<EpochId>> destroyed =
      destroy_epochs_but(folder, announced->announcement, options.now);
  if (!destroyed) {
    return tl::unexpected<Error>(destroyed.error());
  }
  tell_ended(options, *destroyed);
  return PublishReport{.well_formed = list->well_formed(),
                       .published = list->published() - erased,
                       .erased = erased,
                       .evaluated = evaluated,
                       .rejected = list->rejected().size(),
                       .notices = std::move(ground->notices),
                       .announcement = std::move(announced->announcement),
                       .head = announced->head,
                       .opened = std::move(ground->opened),
                       .cut_off = std::move(cut_off)};
}

}  // namespace blindbook::service
