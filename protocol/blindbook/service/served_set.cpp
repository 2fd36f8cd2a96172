#include "blindbook/service/served_set.h"

#include <algorithm>
#include <limits>
#include <utility>

#include <sys/stat.h>

#include "blindbook/hash/sha2.h"
#include "blindbook/protocol/patching.h"
#include "blindbook/service/announcement_log.h"
#include "blindbook/service/atomic_file.h"
#include "blindbook/service/mapped_file.h"

namespace blindbook::service {
namespace {

constexpr std::chrono::milliseconds kWatchInterval{500};
constexpr int kMaxReloads = 3;  // at once; a publication takes longer than loading what it made

bool has_key(const std::vector<protocol::EpochKey>& keys, const EpochId& epoch) {
  return std::ranges::any_of(keys, [&](const protocol::EpochKey& key) { return key.id == epoch; });
}

}  // namespace

std::shared_ptr<const ServedObject> ServedSet::find(std::string_view target) const {
  const auto found = objects_.find(target);
  return found == objects_.end() ? nullptr : found->second;
}

std::optional<Bytes> ServedSet::log_from(std::uint64_t seq) const {
  if (!log_ || seq < log_->first || seq > log_->last()) {
    return std::nullopt;
  }
  return protocol::encode_log(log_->part(seq, log_->last()));
}

const LabelStore* ServedSet::labels(const EpochId& epoch) const noexcept {
  for (const std::shared_ptr<const LabelStore>& store : labels_) {
    if (store->header().epoch == epoch) {
      return store.get();
    }
  }
  return nullptr;
}

Result<std::unique_ptr<ServedSets>> ServedSets::open(ServedSource source, UnixTime now) {
  std::unique_ptr<ServedSets> out(new ServedSets(std::move(source)));
  if (auto loaded = out->refresh(now); !loaded) {
    return failed(loaded);
  }
  return out;
}

std::shared_ptr<const ServedSet> ServedSets::current() const {
  const std::scoped_lock lock(mutex_);
  return current_;
}

Result<bool> ServedSets::refresh(UnixTime now) {
  const std::scoped_lock reloading(reloading_);
  const std::shared_ptr<const ServedSet> held = current();
  if (held && stamp() == stamp_ && loaded_at_ <= now && now <= held->first_end()) {
    return false;
  }
  if (Result<void> switched = switch_to_folder(now); !switched) {
    return failed(switched);
  }
  return true;
}

Result<void> ServedSets::reload(UnixTime now) {
  const std::scoped_lock reloading(reloading_);
  return switch_to_folder(now);
}

Result<void> ServedSets::switch_to_folder(UnixTime now) {
  const std::shared_ptr<const ServedSet> held = current();
  // Read before the file: a replacement in between is then seen at the next call.
  std::optional<FileStamp> found = stamp();
  Result<std::shared_ptr<const ServedSet>> loaded = load(now);
  // A publication in between unlinks what the announcement before it names: then its own is there.
  for (int again = 0; !loaded && stamp() != found && again < kMaxReloads; ++again) {
    found = stamp();
    loaded = load(now);
  }
  if (!loaded) {
    return failed(loaded);
  }
  if (held && (*loaded)->announcement().seq < held->announcement().seq) {
    return bad_input("served.rollback", "the announcement is older than the one that is served",
                     "clients would take it for a rollback; publish again");
  }
  stamp_ = found;
  loaded_at_ = now;
  const std::scoped_lock lock(mutex_);
  current_ = std::move(*loaded);
  return {};
}

void ServedSets::watch(std::function<UnixTime()> clock, EventSink events) {
  watch_.emplace(kWatchInterval, [this, clock = std::move(clock), events = std::move(events),
                                  reported = std::optional<FileStamp>()]() mutable {
    const std::optional<FileStamp> tried = stamp();
    const Result<bool> switched = refresh(clock());
    if (!switched) {
      if (reported != tried) {
        events(error_event("reload-failed", switched.error()));
      }
      reported = tried;
    } else if (*switched) {
      events({"serving", {{"seq", current()->announcement().seq}}});
    }
  });
}

std::optional<ServedSets::FileStamp> ServedSets::stamp() const {
  struct stat status {};
  if (::stat((source_.public_folder / "announcement.bba").c_str(), &status) != 0) {
    return std::nullopt;
  }
  return FileStamp{status.st_dev, status.st_ino, status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
}

Result<std::shared_ptr<const ServedSet>> ServedSets::load(UnixTime now) const {
  const std::filesystem::path path = source_.public_folder / "announcement.bba";
  if (!std::filesystem::exists(path)) {
    return bad_input("served.unpublished", "nothing is published yet", "run blindbook publish first");
  }
  auto object = read_file(path, 2 * protocol::kMaxAnnouncementBytes);
  if (!object) {
    return failed(object);
  }
  auto opened = protocol::open_announcement(*object, source_.root);
  if (!opened) {
    return failed(opened);
  }
  auto keys = source_.load_keys(now);
  if (!keys) {
    return failed(keys);
  }
  std::vector<protocol::AnnouncedEpoch> epochs = opened->announcement.epochs;
  std::erase_if(epochs, [now](const protocol::AnnouncedEpoch& epoch) { return epoch.not_after < now; });
  for (const protocol::AnnouncedEpoch& epoch : epochs) {
    if (!has_key(*keys, epoch.id)) {
      return bad_input("served.key", "the key of epoch " + epoch.id.hex() + " is missing",
                       "put it back into the folder; if it is lost: blindbook epoch rotate --emergency");
    }
  }
  std::shared_ptr<ServedSet> out(new ServedSet(std::move(*opened), protocol::Evaluator(std::move(*keys))));
  out->log_ = read_log_hashes(source_.public_folder / "log.bbl", out->announcement().seq, out->opened().head);
  out->first_end_ = UnixTime(std::numeric_limits<std::uint64_t>::max());
  for (const protocol::AnnouncedEpoch& epoch : epochs) {
    out->first_end_ = std::min(out->first_end_, epoch.not_after);
    if (Result<void> added = add_objects(*out, epoch); !added) {
      return failed(added);
    }
  }
  return out;
}

Result<void> ServedSets::add_objects(ServedSet& set, const protocol::AnnouncedEpoch& epoch) const {
  if (epoch.edition == Edition(0)) {
    return {};
  }
  const std::string id = epoch.id.hex();
  const std::string edition = std::to_string(epoch.edition.value());
  const auto add = [&](const std::string& path, const char* extension, std::uint64_t size,
                       ByteView sha256) -> Result<void> {
    auto object = load_object("/v1/" + path, source_.public_folder / (path + extension), epoch, size, sha256);
    if (!object) {
      return failed(object);
    }
    set.objects_.emplace("/v1/" + path, std::move(*object));
    return {};
  };
  if (Result<void> added = add("directory/" + id + "/" + edition, ".bbd", epoch.size, epoch.root.view());
      !added) {
    return added;
  }
  for (const protocol::AnnouncedPatch& patch : epoch.patches) {
    const std::string name = "patch/" + protocol::patch_name(epoch.id, patch.from, epoch.edition);
    if (Result<void> added = add(name, ".bbp", patch.size, patch.sha256.view()); !added) {
      return added;
    }
  }
  return epoch.label_mode == protocol::LabelMode::kResolve ? add_labels(set, epoch) : Result<void>();
}

Result<void> ServedSets::add_labels(ServedSet& set, const protocol::AnnouncedEpoch& epoch) const {
  const LabelStoreHeader wanted = label_store_header_of(epoch);
  if (const std::shared_ptr<const ServedSet> held = current()) {
    for (const std::shared_ptr<const LabelStore>& store : held->labels_) {
      if (store->header() == wanted) {
        set.labels_.push_back(store);
        return {};
      }
    }
  }
  auto store = LabelStore::open(label_store_path(source_.labels_folder, epoch.id, epoch.edition), wanted);
  if (!store) {
    return bad_input("served.file", store.error().message, "run blindbook publish again");
  }
  set.labels_.push_back(std::move(*store));
  return {};
}

Result<std::shared_ptr<const ServedObject>> ServedSets::load_object(const std::string& target,
                                                                    const std::filesystem::path& file,
                                                                    const protocol::AnnouncedEpoch& epoch,
                                                                    std::uint64_t size,
                                                                    ByteView sha256) const {
  const std::string etag = "\"" + to_hex(sha256) + "\"";
  if (const std::shared_ptr<const ServedSet> held = current()) {
    // Hashing a large directory again for an announcement that only renews another part would be waste.
    if (std::shared_ptr<const ServedObject> same = held->find(target); same && same->etag == etag) {
      return same;
    }
  }
  auto mapped = MappedFile::open(file);
  if (!mapped) {
    return bad_input("served.file", mapped.error().message, "run blindbook publish again");
  }
  const ByteView bytes = (*mapped)->bytes();
  if (bytes.size() != size || !std::ranges::equal(hash::sha256({bytes}), sha256)) {
    return bad_input("served.file", file.string() + " is not the announced file",
                     "run blindbook publish again");
  }
  return std::make_shared<const ServedObject>(
      ServedObject{bytes, etag, epoch.not_before, epoch.not_after, std::move(*mapped)});
}

}  // namespace blindbook::service
