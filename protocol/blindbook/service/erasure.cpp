#include "blindbook/service/erasure.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "blindbook/base/random.h"
#include "blindbook/directory/label_seal.h"
#include "blindbook/directory/rows.h"
#include "blindbook/directory/tag.h"
#include "blindbook/protocol/params.h"
#include "blindbook/protocol/server.h"
#include "blindbook/service/announcing.h"
#include "blindbook/service/atomic_file.h"
#include "blindbook/service/audit.h"
#include "blindbook/service/edition_change.h"
#include "blindbook/service/edition_files.h"
#include "blindbook/service/epoch_memory.h"
#include "blindbook/service/file_lock.h"
#include "blindbook/service/publication_clock.h"

namespace blindbook::service {
namespace {

using directory::DecodedDirectory;
using protocol::AnnouncedEpoch;
using protocol::EpochKey;
using protocol::OpenedAnnouncement;

Result<FileLock> lock_publications(const OperatorFolder& folder) {
  return FileLock::acquire(folder.publish_lock_path(), "publish.locked", "another publication is running");
}

/// Keeps the number out of what is published under `key` from now on. Its hash.
Result<NumberHash> suppress(OperatorFolder& folder, const EpochId& epoch, const Identifier& number,
                            RandomSource& random) {
  Result<std::optional<PublishIndex>> index = folder.load_index(epoch);
  if (index && !*index) {
    if (Result<void> created = folder.create_index(epoch, random); !created) {
      return failed(created);
    }
    index = folder.load_index(epoch);
  }
  if (!index) {
    return failed(index);
  }
  Result<ErasedList> list = ErasedList::load(folder.erased_path(epoch), epoch, **index);
  if (!list) {
    return failed(list);
  }
  const NumberHash hash = (*index)->identifier(number.bytes());
  if (list->add(hash)) {
    if (Result<void> saved = list->save(folder.erased_path(epoch), **index); !saved) {
      return failed(saved);
    }
  }
  return hash;
}

/// The place of a number in a cache.
std::optional<std::uint32_t> find(const PublishCache& cache, const NumberHash& number) {
  for (std::uint32_t place = 0; place < cache.size(); ++place) {
    if (cache.number_at(place) == number) {
      return place;
    }
  }
  return std::nullopt;
}

/// The rank of a number in a directory that no cache knows: by its tag, and by whether its label opens. Without labels
/// another number's row may have the same tag (2^-36), and be the one that goes, until the next publication.
std::optional<std::uint64_t> find(const OperatorFolder& folder, const DecodedDirectory& directory,
                                  const EpochKey& key, const Identifier& number) {
  const std::array<ByteView, 1> inputs{number.bytes()};
  std::array<oprf::PrfOutput, 1> outputs;
  folder.suite().evaluate_unblinded(key.keys.secret, inputs, outputs);
  const ByteView output = outputs[0].expose();
  const directory::RowsView rows = directory.rows();
  const directory::LabelSealer sealer(directory.header.suite, directory.header.epoch,
                                      directory.header.label_bytes);
  const std::uint64_t tag = directory::tag_of(output).value();
  const auto [first, last] = std::equal_range(rows.tags.begin(), rows.tags.end(), tag);
  for (auto at = first; at != last; ++at) {
    const auto rank = static_cast<std::size_t>(at - rows.tags.begin());
    if (rows.row_bytes == 0 || sealer.open(output, rows[rank].sealed)) {
      return rank;
    }
  }
  return std::nullopt;
}

/// An announced epoch, and what it takes to make its next edition.
class Erasing {
 public:
  Erasing(OperatorFolder& folder, const EpochKey& key, const AnnouncedEpoch& before)
      : folder_(folder), key_(key), before_(before) {}

  /// The edition without the number; nothing when the announced one is without it.
  Result<std::optional<AnnouncedEpoch>> erase(const Identifier& number, const NumberHash& hash,
                                              std::vector<std::string>& notices) {
    std::vector<std::string>
        of_cache;  // that the cache is lost matters to the next publication, which says so
    Result<EpochMemory> memory = remember_epoch(folder_, key_.id, &before_, of_cache);
    if (!memory) {
      return failed(memory);
    }
    if (!memory->before) {
      return bad_input("erase.directory",
                       "the announced directory of epoch " + key_.id.hex() + " is gone or damaged",
                       "publish again: the number is kept out of every edition from now on");
    }
    const Result<DecodedDirectory> directory = directory::decode_directory(memory->before->bytes());
    if (!directory) {
      return tl::unexpected<Error>(directory.error());
    }
    Result<std::optional<std::uint64_t>> rank = find_rank(*memory, *directory, number, hash);
    if (!rank) {
      return failed(rank);
    }
    if (!*rank) {
      return std::optional<AnnouncedEpoch>();
    }
    AnnouncedEpoch epoch = before_;
    epoch.edition = Edition(before_.edition.value() + 1);
    const directory::RowsView nobody{{}, {}, directory->rows().row_bytes};
    const Result<Bytes> file = change_directory(memory->before->bytes(), {**rank}, nobody, epoch.edition);
    if (!file) {
      return tl::unexpected<Error>(file.error());
    }
    Result<void> written = write_edition_files(folder_, epoch, *file, &before_, notices);
    if (written && memory->cache) {
      written = write_cache(*memory, epoch);
    }
    if (written && epoch.label_mode == protocol::LabelMode::kResolve) {
      written = write_labels(*memory, epoch, number);
    }
    if (!written) {
      return failed(written);
    }
    return std::optional(std::move(epoch));
  }

 private:
  Result<std::optional<std::uint64_t>> find_rank(const EpochMemory& memory, const DecodedDirectory& directory,
                                                 const Identifier& number, const NumberHash& hash) {
    if (!memory.cache) {
      return find(folder_, directory, key_, number);
    }
    place_ = find(*memory.cache, hash);
    if (!place_) {
      return std::optional<std::uint64_t>();
    }
    const PublishCacheEntry entry = (*memory.cache)[*place_];
    const Result<std::vector<std::uint64_t>> ranks = ranks_of(directory, {{entry.tag, entry.siv}});
    if (!ranks) {
      return tl::unexpected<Error>(ranks.error());
    }
    return std::optional(ranks->front());
  }

  Result<void> write_cache(const EpochMemory& memory, const AnnouncedEpoch& epoch) const {
    std::vector<bool> kept(memory.cache->size(), true);
    kept[*place_] = false;
    std::vector<PublishCacheEntry> none;
    return write_publish_cache(folder_.cache_path(epoch.id, epoch.edition), *memory.index,
                               cache_header_of(epoch, *memory.rules),
                               {.before = &*memory.cache, .kept = &kept, .fresh = &none});
  }

  /// The store of labels without that of the number.
  Result<void> write_labels(const EpochMemory& memory, const AnnouncedEpoch& epoch,
                            const Identifier& number) const {
    if (!memory.labels) {
      return bad_input("erase.directory", "the label store of epoch " + key_.id.hex() + " is gone or damaged",
                       "publish again: the number is kept out of every edition from now on");
    }
    const std::array<ByteView, 1> inputs{number.bytes()};
    std::array<oprf::PrfOutput, 1> outputs;
    folder_.suite().evaluate_unblinded(key_.keys.secret, inputs, outputs);
    const directory::LabelSealer sealer(epoch.suite(), epoch.id, epoch.label_bytes);
    const Result<directory::Handle> handle = sealer.handle(outputs[0].expose());
    if (!handle) {
      return tl::unexpected<Error>(handle.error());
    }
    LabelStoreBuilder labels(epoch.label_bytes);
    labels.add_from(*memory.labels, {*handle});
    SystemRandom random;
    return labels.write(folder_.labels_folder(), epoch, memory.labels.get(), random);
  }

  OperatorFolder& folder_;
  const EpochKey& key_;
  const AnnouncedEpoch& before_;
  std::optional<std::uint32_t> place_;
};

/// Whether clients are told something older than what the log ends with, which a killed run leaves.
bool lags(const OperatorFolder& folder, const OpenedAnnouncement& last) {
  const auto published = folder.announcement();
  return !published || !*published || (*published)->object != last.object;
}

/// Says the epochs again, as they are now. No publication: the other rows are as old as they were.
Result<OpenedAnnouncement> announce_again(const OperatorFolder& folder, const protocol::Ed25519SecretKey& key,
                                          const std::optional<OpenedAnnouncement>& last,
                                          std::vector<AnnouncedEpoch> epochs, UnixTime now) {
  return announce(folder, key, last,
                  {.epochs = std::move(epochs),
                   .issued_at = now,
                   .valid_until = last->announcement.valid_until,
                   .next_publication = last->announcement.next_publication});
}

}  // namespace

Result<ErasureReceipt> erase_number(OperatorFolder& folder, const Identifier& number, UnixTime now,
                                    RandomSource& random) {
  const Result<FileLock> lock = lock_publications(folder);
  if (!lock) {
    return tl::unexpected<Error>(lock.error());
  }
  remove_leftovers(folder.announcement_path());
  const Result<protocol::Ed25519SecretKey> announcement_key = certified_announcement_key(folder, now);
  if (!announcement_key) {
    return tl::unexpected<Error>(announcement_key.error());
  }
  const Result<std::optional<OpenedAnnouncement>> last = announcement_to_follow(folder);
  if (!last) {
    return tl::unexpected<Error>(last.error());
  }
  if (*last) {
    // A clock that runs ahead would take living epochs for ended ones.
    if (Result<void> checked = check_publication_clock((*last)->announcement, now); !checked) {
      return failed(checked);
    }
  }
  const Result<std::vector<EpochKey>> keys = folder.load_epoch_keys(now);
  if (!keys) {
    return tl::unexpected<Error>(keys.error());
  }
  if (keys->empty()) {
    return bad_input("erase.epoch", "no epoch lives",
                     "nobody can be found, and what was published cannot be read any more");
  }
  AuditCounts counts{{"epochs", keys->size()}};
  if (*last) {
    counts.emplace("announcement", (*last)->announcement.seq + 1);
  }
  if (Result<void> noted = append_audit(folder.audit_path(), now, "erase", counts); !noted) {
    return failed(noted);
  }
  ErasureReceipt receipt;
  receipt.caches_until = UnixTime(now.value() + protocol::kMaxCacheAge);
  for (const EpochKey& key : *keys) {
    const Result<NumberHash> hash = suppress(folder, key.id, number, random);
    if (!hash) {
      return tl::unexpected<Error>(hash.error());
    }
    receipt.epochs.push_back({.epoch = key.id, .number = *hash, .edition = {}, .key_ends = key.not_after});
  }
  if (!*last) {
    return receipt;  // nothing was ever published
  }
  std::vector<AnnouncedEpoch> epochs;
  for (const AnnouncedEpoch& before : (*last)->announcement.epochs) {
    const auto key =
        std::find_if(keys->begin(), keys->end(), [&](const EpochKey& one) { return one.id == before.id; });
    if (key == keys->end()) {
      continue;  // it has ended
    }
    ErasedFrom& from = receipt.epochs[static_cast<std::size_t>(key - keys->begin())];
    AnnouncedEpoch& after = epochs.emplace_back(before);
    if (before.edition != Edition(0)) {
      auto made = Erasing(folder, *key, before).erase(number, from.number, receipt.notices);
      if (!made) {
        return failed(made);
      }
      from.was_published = made->has_value();
      if (*made) {
        after = std::move(**made);
      }
    }
    from.edition = after.edition;
    receipt.was_published = receipt.was_published || from.was_published;
  }
  if (epochs.empty() || (!receipt.was_published && !lags(folder, **last))) {
    return receipt;
  }
  if (Result<void> restored = folder.restore_public_folder(); !restored) {
    return failed(restored);
  }
  Result<OpenedAnnouncement> announced =
      announce_again(folder, *announcement_key, *last, std::move(epochs), now);
  if (!announced) {
    return failed(announced);
  }
  remove_old_editions(folder, announced->announcement);
  receipt.announced = std::move(*announced);
  return receipt;
}

Result<std::size_t> lift_erasure(OperatorFolder& folder, const Identifier& number, UnixTime now) {
  const Result<FileLock> lock = lock_publications(folder);
  if (!lock) {
    return tl::unexpected<Error>(lock.error());
  }
  const Result<std::vector<EpochKey>> keys = folder.load_epoch_keys(now);
  if (!keys) {
    return tl::unexpected<Error>(keys.error());
  }
  if (Result<void> noted = append_audit(folder.audit_path(), now, "erase lift", {{"epochs", keys->size()}});
      !noted) {
    return failed(noted);
  }
  std::size_t lifted = 0;
  for (const EpochKey& key : *keys) {
    const Result<std::optional<PublishIndex>> index = folder.load_index(key.id);
    if (!index) {
      return tl::unexpected<Error>(index.error());
    }
    if (!*index) {
      continue;
    }
    Result<ErasedList> list = ErasedList::load(folder.erased_path(key.id), key.id, **index);
    if (!list) {
      return failed(list);
    }
    if (!list->remove((*index)->identifier(number.bytes()))) {
      continue;
    }
    if (Result<void> saved = list->save(folder.erased_path(key.id), **index); !saved) {
      return failed(saved);
    }
    ++lifted;
  }
  return lifted;
}

}  // namespace blindbook::service
