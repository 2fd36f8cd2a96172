#include "blindbook/service/epoch_life.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <set>
#include <system_error>
#include <utility>

#include "blindbook/protocol/params.h"
#include "blindbook/service/audit.h"

namespace blindbook::service {
namespace {

namespace fs = std::filesystem;
using protocol::AnnouncedEpoch;
using protocol::Announcement;
using protocol::EpochKey;

bool names(const Announcement& announcement, const EpochId& id) {
  return std::any_of(announcement.epochs.begin(), announcement.epochs.end(),
                     [&](const AnnouncedEpoch& epoch) { return epoch.id == id; });
}

bool has_key(const OperatorFolder& folder, const EpochId& id) {
  return folder.keys().contains(id.hex());
}

/// Whether the keys of `folder` are those of `last`; else the folder is one that was restored, or has announced
/// nothing.
bool goes_on_from(const OperatorFolder& folder, const Announcement* last) {
  return last != nullptr &&
         std::any_of(last->epochs.begin(), last->epochs.end(),
                     [&](const AnnouncedEpoch& epoch) { return has_key(folder, epoch.id); });
}

void sort_by_begin(std::vector<EpochKey>& keys) {
  std::sort(keys.begin(), keys.end(),
            [](const EpochKey& a, const EpochKey& b) { return a.not_before < b.not_before; });
}

/// The keys of the epochs that the folder goes on with.
Result<std::vector<EpochKey>> load_living(OperatorFolder& folder, const Announcement* last, UnixTime now) {
  const bool continued = goes_on_from(folder, last);
  Result<std::vector<EpochKey>> keys =
      continued ? load_announced_keys(folder, *last, now) : folder.load_epoch_keys(now);
  if (!keys || last == nullptr || (!continued && !keys->empty())) {
    return keys;
  }
  for (const AnnouncedEpoch& epoch : last->epochs) {
    if (now <= epoch.not_after && !has_key(folder, epoch.id)) {
      return bad_input("epoch.key", "the key of epoch " + epoch.id.hex() + ", which lives, is gone",
                       "put it back; if it is lost: blindbook epoch rotate --emergency");
    }
  }
  return keys;
}

/// When the epoch begins that has to be opened now; nothing while none has to.
std::optional<UnixTime> due(const std::vector<EpochKey>& living, UnixTime now) {
  if (living.empty()) {
    return now;
  }
  const UnixTime newest = living.back().not_before;
  return next_epoch_announced(newest) <= now ? std::optional(next_epoch_begins(newest)) : std::nullopt;
}

/// Refuses a rotation in which no epoch takes over from another.
Result<void> check_rotates(const std::vector<EpochKey>& living, std::optional<UnixTime> opening,
                           UnixTime now) {
  if (!opening && living.size() < 2) {
    return bad_input("epoch.not-due", "no epoch is announced to follow this one",
                     "announce one, which then begins in 3 days: blindbook epoch announce");
  }
  if (opening.value_or(living.empty() ? now : living.back().not_before) > now) {
    return bad_input("epoch.not-due", "the next epoch has not begun yet",
                     "blindbook epoch list shows when it does; until then: blindbook publish");
  }
  return {};
}

Result<void> open_epoch(SettledEpochs& epochs, OperatorFolder& folder, UnixTime begin, RandomSource& random) {
  const Result<EpochId> id = folder.open_epoch(begin, random);
  if (!id) {
    return tl::unexpected<Error>(id.error());
  }
  Result<EpochKey> key = folder.load_epoch_key(*id);
  if (!key) {
    return failed(key);
  }
  epochs.keys.push_back(std::move(*key));
  epochs.opened.push_back(*id);
  return {};
}

/// Destroys `epochs`, of which nothing may be left but folders; which of them had a key.
Result<std::vector<EpochId>> destroy(OperatorFolder& folder, const std::set<EpochId>& epochs, UnixTime now) {
  std::vector<EpochId> with_key;
  std::copy_if(epochs.begin(), epochs.end(), std::back_inserter(with_key),
               [&](const EpochId& id) { return has_key(folder, id); });
  const Result<void> noted =
      with_key.empty() ? Result<void>()
                       : append_audit(folder.audit_path(), now, "epoch end", {{"epochs", with_key.size()}});
  for (const EpochId& id : epochs) {
    if (Result<void> gone = folder.destroy_epoch(id); !gone) {
      return failed(gone);
    }
  }
  // A full disk is no reason to keep a key whose life is over.
  if (!noted) {
    return tl::unexpected<Error>(noted.error());
  }
  return with_key;
}

}  // namespace

UnixTime next_epoch_begins(UnixTime not_before) noexcept {
  return UnixTime(not_before.value() + protocol::kEpochLength);
}

UnixTime next_epoch_announced(UnixTime not_before) noexcept {
  return UnixTime(not_before.value() + protocol::kEpochLength - protocol::kEpochNotice);
}

Result<SettledEpochs> settle_epochs(OperatorFolder& folder, const Announcement* last, Rotation rotation,
                                    UnixTime now, RandomSource& random) {
  SettledEpochs out;
  std::optional<UnixTime> opening = now;
  if (rotation != Rotation::kEmergency) {
    Result<std::vector<EpochKey>> living = load_living(folder, last, now);
    if (!living) {
      return failed(living);
    }
    out.keys = std::move(*living);
    opening = due(out.keys, now);
  }
  if (rotation == Rotation::kOrdinary) {
    if (Result<void> rotates = check_rotates(out.keys, opening, now); !rotates) {
      return failed(rotates);
    }
  }
  if (opening) {
    if (Result<void> opened = open_epoch(out, folder, *opening, random); !opened) {
      return failed(opened);
    }
  }
  // An epoch that was followed early ends with the overlap, whatever its key says.
  const auto first = std::find_if(out.keys.rbegin(), out.keys.rend(), [now](const EpochKey& key) {
    return key.not_before.value() + protocol::kEpochOverlap < now.value();
  });
  if (first != out.keys.rend()) {
    out.keys.erase(out.keys.begin(), std::prev(first.base()));
  }
  return out;
}

Result<std::vector<EpochKey>> load_announced_keys(OperatorFolder& folder, const Announcement& announced,
                                                  UnixTime now) {
  std::vector<EpochKey> keys;
  for (const AnnouncedEpoch& epoch : announced.epochs) {
    if (epoch.not_after < now || !has_key(folder, epoch.id)) {
      continue;
    }
    Result<EpochKey> key = folder.load_epoch_key(epoch.id);
    if (key) {
      keys.push_back(std::move(*key));
    } else if (has_key(folder, epoch.id)) {  // else another program has just destroyed it
      return failed(key);
    }
  }
  sort_by_begin(keys);
  return keys;
}

Result<std::vector<EpochId>> destroy_ended_epochs(OperatorFolder& folder, const Announcement& announced,
                                                  UnixTime now) {
  std::set<EpochId> ended;
  for (const AnnouncedEpoch& epoch : announced.epochs) {
    if (epoch.not_after < now) {
      ended.insert(epoch.id);
    }
  }
  const Result<std::vector<EpochId>> ids = folder.epochs();
  if (!ids) {
    return tl::unexpected<Error>(ids.error());
  }
  for (const EpochId& id : *ids) {
    // A key that nobody was told of ends by itself; one that does not open is the next publication's to find.
    if (names(announced, id)) {
      continue;
    }
    if (const Result<EpochKey> key = folder.load_epoch_key(id); key && key->not_after < now) {
      ended.insert(id);
    }
  }
  return destroy(folder, ended, now);
}

Result<std::vector<EpochId>> clear_epochs(OperatorFolder& folder, const Announcement* last, UnixTime now) {
  const bool continued = goes_on_from(folder, last);
  const Result<std::vector<EpochId>> ids = folder.epochs();
  const Result<std::optional<protocol::OpenedAnnouncement>> seen = folder.announcement();
  if (!ids) {
    return tl::unexpected<Error>(ids.error());
  }
  std::set<EpochId> over;
  for (const EpochId& id : *ids) {
    // Between log and public folder a run may have been killed: what either names is still served.
    if ((last != nullptr && names(*last, id)) || (seen && *seen && names((*seen)->announcement, id))) {
      continue;
    }
    if (!continued) {
      const Result<EpochKey> key = folder.load_epoch_key(id);
      if (!key) {
        return tl::unexpected<Error>(key.error());
      }
      if (now <= key->not_after) {
        continue;
      }
    }
    over.insert(id);
  }
  for (const AnnouncedEpoch& epoch : last == nullptr ? std::vector<AnnouncedEpoch>() : last->epochs) {
    if (epoch.not_after < now) {
      over.insert(epoch.id);
    }
  }
  return destroy(folder, over, now);
}

Result<std::vector<EpochId>> destroy_epochs_but(OperatorFolder& folder, const Announcement& announced,
                                                UnixTime now) {
  const Result<std::vector<EpochId>> ids = folder.epochs();
  if (!ids) {
    return tl::unexpected<Error>(ids.error());
  }
  std::set<EpochId> gone(ids->begin(), ids->end());
  for (const fs::path& parent : {folder.public_folder() / "directory", folder.public_folder() / "patch",
                                 folder.path() / "cache", folder.path() / "erased", folder.labels_folder()}) {
    std::error_code error;
    for (fs::directory_iterator at(parent, error), end; !error && at != end; at.increment(error)) {
      const std::optional<Bytes> id = from_hex(at->path().stem().string());
      if (id && id->size() == EpochId::kSize) {
        gone.insert(EpochId(ByteView(*id).first<EpochId::kSize>()));
      }
    }
  }
  std::erase_if(gone, [&](const EpochId& id) { return names(announced, id); });
  return destroy(folder, gone, now);
}

}  // namespace blindbook::service
