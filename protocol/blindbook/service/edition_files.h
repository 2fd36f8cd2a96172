#pragma once

#include <string>
#include <vector>

#include "blindbook/base/bytes.h"
#include "blindbook/base/error.h"
#include "blindbook/protocol/announcement.h"
#include "blindbook/service/operator_folder.h"

/// The files of an edition: written before anybody is told of them, and removed when nobody is told of them any more.
namespace blindbook::service {

/// Writes `file` as the directory of `epoch` (id, edition and label settings are given; size, root, entries and patches are
/// filled in), and patches from the editions up to `before` (null: none). Adds to `notices` why patches are missing. Errors
/// of write_star(); Unavailable "file.folder", "file.write".
[[nodiscard]] Result<void> write_edition_files(const OperatorFolder& folder, protocol::AnnouncedEpoch& epoch,
                                               ByteView file, const protocol::AnnouncedEpoch* before,
                                               std::vector<std::string>& notices);

/// Unlinks the directories, patches, label stores and publish caches that the announcement does not name. What cannot be unlinked now is
/// at the next publication.
void remove_old_editions(const OperatorFolder& folder, const protocol::Announcement& announcement);

}  // namespace blindbook::service
