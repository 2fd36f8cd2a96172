#include "blindbook/service/edition_files.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <utility>

#include "blindbook/directory/header.h"
#include "blindbook/directory/root.h"
#include "blindbook/service/atomic_file.h"
#include "blindbook/service/label_store.h"
#include "blindbook/service/star.h"

namespace blindbook::service {

using protocol::AnnouncedEpoch;
using protocol::Announcement;

Result<void> write_edition_files(const OperatorFolder& folder, AnnouncedEpoch& epoch, ByteView file,
                                 const AnnouncedEpoch* before, std::vector<std::string>& notices) {
  const Result<directory::Header> header = directory::parse_header(file);
  if (!header) {
    return tl::unexpected<Error>(header.error());
  }
  epoch.entries = header->entries;
  epoch.size = file.size();
  epoch.root = directory::root_of(file);
  Result<void> written = create_folder(folder.directory_folder(epoch.id), FileAccess::kEveryone);
  if (written) {
    written =
        write_file_atomically(folder.directory_path(epoch.id, epoch.edition), file, FileAccess::kEveryone);
  }
  if (!written) {
    return written;
  }
  epoch.patches.clear();
  if (before != nullptr && before->edition != Edition(0)) {
    Result<Star> star = write_star(folder, *before, epoch, file);
    if (!star) {
      return failed(star);
    }
    epoch.patches = std::move(star->patches);
    std::ranges::move(star->notices, std::back_inserter(notices));
  }
  return {};
}

void remove_old_editions(const OperatorFolder& folder, const Announcement& announcement) {
  for (const AnnouncedEpoch& epoch : announcement.epochs) {
    remove_all_but(folder.directory_folder(epoch.id), {folder.directory_path(epoch.id, epoch.edition)});
    remove_all_but(folder.cache_folder(epoch.id), {folder.cache_path(epoch.id, epoch.edition)});
    const std::filesystem::path labels = label_store_path(folder.labels_folder(), epoch.id, epoch.edition);
    remove_all_but(labels.parent_path(), {labels});
    std::vector<std::filesystem::path> patches;
    for (const protocol::AnnouncedPatch& patch : epoch.patches) {
      patches.push_back(folder.patch_path(epoch.id, patch.from, epoch.edition));
    }
    remove_all_but(folder.patch_folder(epoch.id), patches);
  }
}

}  // namespace blindbook::service
