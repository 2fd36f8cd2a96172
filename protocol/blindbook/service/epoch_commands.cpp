#include "blindbook/service/epoch_commands.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "blindbook/protocol/params.h"
#include "blindbook/service/announcing.h"
#include "blindbook/service/audit.h"
#include "blindbook/service/epoch_life.h"
#include "blindbook/service/file_lock.h"
#include "blindbook/service/publication_clock.h"

namespace blindbook::service {
namespace {

using protocol::AnnouncedEpoch;
using protocol::Announcement;
using protocol::OpenedAnnouncement;

/// A folder in which nobody else publishes, and what it announced last.
struct Ground {
  FileLock lock;
  OpenedAnnouncement last;
};

Result<Ground> prepare(OperatorFolder& folder, UnixTime now, bool clock_confirmed) {
  Result<FileLock> lock =
      FileLock::acquire(folder.publish_lock_path(), "publish.locked", "a publication is running");
  if (!lock) {
    return failed(lock);
  }
  Result<std::optional<OpenedAnnouncement>> last = announcement_to_follow(folder);
  if (!last) {
    return failed(last);
  }
  if (!*last) {
    return bad_input("epoch.unpublished", "nothing is published yet, so that there is no epoch to follow",
                     "blindbook publish begins the first");
  }
  if (!clock_confirmed) {
    if (Result<void> checked = check_publication_clock((*last)->announcement, now); !checked) {
      return failed(checked);
    }
  }
  return Ground{std::move(*lock), std::move(**last)};
}

/// Says the last announcement again, with other epochs, once `command` is in the audit trail.
Result<OpenedAnnouncement> announce_epochs(OperatorFolder& folder, std::string_view command,
                                           const protocol::Ed25519SecretKey& key, const Ground& ground,
                                           std::vector<AnnouncedEpoch> epochs, UnixTime now) {
  if (Result<void> restored = folder.restore_public_folder(); !restored) {
    return failed(restored);
  }
  if (Result<void> noted =
          append_audit(folder.audit_path(), now, command,
                       {{"announcement", ground.last.announcement.seq + 1}, {"epochs", epochs.size()}});
      !noted) {
    return failed(noted);
  }
  return announce(folder, key, ground.last,
                  {.epochs = std::move(epochs),
                   .issued_at = now,
                   .valid_until = ground.last.announcement.valid_until,
                   .next_publication = ground.last.announcement.next_publication});
}

/// Whether clients can use `epoch` at `now`.
bool serves(const AnnouncedEpoch& epoch, UnixTime now) {
  return epoch.is_live(now) && epoch.edition != Edition(0);
}

}  // namespace

Result<OpenedAnnouncement> announce_next_epoch(OperatorFolder& folder, UnixTime now, bool clock_confirmed,
                                               RandomSource& random) {
  Result<Ground> ground = prepare(folder, now, clock_confirmed);
  if (!ground) {
    return failed(ground);
  }
  const Announcement& last = ground->last.announcement;
  const AnnouncedEpoch& newest = last.epochs.back();
  if (now < newest.not_before || newest.edition == Edition(0)) {
    return bad_input("epoch.announced", "the next epoch is announced already: " + newest.id.hex(),
                     "blindbook epoch list shows when it begins");
  }
  const Result<protocol::Ed25519SecretKey> key = certified_announcement_key(folder, now);
  if (!key) {
    return tl::unexpected<Error>(key.error());
  }
  if (const auto cleared = clear_epochs(folder, &last, now); !cleared) {
    return tl::unexpected<Error>(cleared.error());
  }
  const UnixTime begin =
      std::min(next_epoch_begins(newest.not_before), UnixTime(now.value() + protocol::kEpochNotice));
  const Result<EpochId> id = folder.open_epoch(begin, random);
  if (!id) {
    return tl::unexpected<Error>(id.error());
  }
  const Result<protocol::EpochKey> opened = folder.load_epoch_key(*id);
  if (!opened) {
    return tl::unexpected<Error>(opened.error());
  }
  std::vector<AnnouncedEpoch> epochs = last.epochs;
  epochs.push_back({.id = *id,
                    .public_key = opened->keys.public_key,
                    .not_before = opened->not_before,
                    .not_after = opened->not_after});
  return announce_epochs(folder, "epoch announce", *key, *ground, std::move(epochs), now);
}

Result<std::vector<EpochId>> end_epochs(OperatorFolder& folder, UnixTime now, bool clock_confirmed) {
  const Result<Ground> ground = prepare(folder, now, clock_confirmed);
  if (!ground) {
    return tl::unexpected<Error>(ground.error());
  }
  return clear_epochs(folder, &ground->last.announcement, now);
}

Result<std::vector<EpochId>> end_epoch(OperatorFolder& folder, const EpochId& epoch, UnixTime now,
                                       bool clock_confirmed) {
  Result<Ground> ground = prepare(folder, now, clock_confirmed);
  if (!ground) {
    return failed(ground);
  }
  std::vector<AnnouncedEpoch> others = ground->last.announcement.epochs;
  if (std::erase_if(others, [&](const AnnouncedEpoch& one) { return one.id == epoch; }) == 0) {
    return bad_input("epoch.unknown", "epoch " + epoch.hex() + " is not announced",
                     "blindbook epoch list shows those that are");
  }
  if (std::none_of(others.begin(), others.end(),
                   [now](const AnnouncedEpoch& one) { return serves(one, now); })) {
    return bad_input("epoch.last", "clients would have no epoch without this one",
                     "to end it at once and begin another: blindbook epoch rotate --emergency");
  }
  const Result<protocol::Ed25519SecretKey> key = certified_announcement_key(folder, now);
  if (!key) {
    return tl::unexpected<Error>(key.error());
  }
  const Result<OpenedAnnouncement> announced =
      announce_epochs(folder, "epoch end --epoch", *key, *ground, std::move(others), now);
  if (!announced) {
    return tl::unexpected<Error>(announced.error());
  }
  return destroy_epochs_but(folder, announced->announcement, now);
}

}  // namespace blindbook::service
