#include "blindbook/service/epoch_memory.h"

#include <system_error>
#include <utility>

#include "blindbook/directory/root.h"
#include "blindbook/service/atomic_file.h"

namespace blindbook::service {
namespace {

using protocol::AnnouncedEpoch;

/// The directory of an announced edition, if its file is still that.
std::shared_ptr<const MappedFile> open_directory(const OperatorFolder& folder, const AnnouncedEpoch& epoch) {
  auto file = MappedFile::open(folder.directory_path(epoch.id, epoch.edition));
  return file && directory::root_of((*file)->bytes()) == epoch.root ? std::move(*file) : nullptr;
}

/// Fills in `before` and `cache`, or says why not.
std::optional<std::string> recall(const OperatorFolder& folder, const AnnouncedEpoch& before,
                                  EpochMemory& memory) {
  memory.before = open_directory(folder, before);
  const bool resolves = before.label_mode == protocol::LabelMode::kResolve;
  if (resolves) {
    auto labels = LabelStore::open(label_store_path(folder.labels_folder(), before.id, before.edition),
                                   label_store_header_of(before));
    memory.labels = labels ? std::move(*labels) : nullptr;
  }
  if (!memory.index) {
    return "the epoch has no index key";
  }
  if (!memory.rules) {
    return "libphonenumber does not show its numbering plans";
  }
  if (!memory.before) {
    return "the directory of edition " + std::to_string(before.edition.value()) + " is gone or damaged";
  }
  if (resolves && !memory.labels) {
    return "the labels of edition " + std::to_string(before.edition.value()) + " are gone or damaged";
  }
  Result<PublishCache> cache = PublishCache::open(folder.cache_path(before.id, before.edition), *memory.index,
                                                  cache_header_of(before, *memory.rules));
  if (!cache) {
    return cache.error().message;
  }
  memory.cache = std::move(*cache);
  return std::nullopt;
}

}  // namespace

Result<EpochMemory> remember_epoch(OperatorFolder& folder, const EpochId& epoch, const AnnouncedEpoch* before,
                                   std::vector<std::string>& notices) {
  EpochMemory memory(epoch);
  Result<std::optional<PublishIndex>> index = folder.load_index(epoch);
  if (!index) {
    return failed(index);
  }
  memory.index = std::move(*index);
  memory.rules = cache_rules();
  if (memory.index) {
    remove_leftovers(folder.erased_path(epoch));
    Result<ErasedList> erased = ErasedList::load(folder.erased_path(epoch), epoch, *memory.index);
    if (!erased) {
      return failed(erased);
    }
    memory.erased = std::move(*erased);
  } else if (std::error_code ignored; std::filesystem::exists(folder.erased_path(epoch), ignored)) {
    return bad_input(
        "erased.key",
        "numbers were erased from epoch " + epoch.hex() + ", and the index key that knows them is gone",
        "put keys/" + epoch.hex() + "-index.key and its slot back, or end that epoch");
  }
  if (before != nullptr && before->edition != Edition(0)) {
    if (const std::optional<std::string> why = recall(folder, *before, memory)) {
      notices.push_back("every row is evaluated again: " + *why);
    }
  }
  return memory;
}

PublishCacheHeader cache_header_of(const AnnouncedEpoch& epoch, const Digest& rules) {
  return {.suite = epoch.suite(),
          .epoch = epoch.id,
          .edition = epoch.edition,
          .root = epoch.root,
          .rules = rules,
          .label_bytes = epoch.column_label_bytes(),
          .handles = epoch.label_mode == protocol::LabelMode::kResolve,
          .entries = epoch.entries};
}

}  // namespace blindbook::service
