#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "blindbook/base/error.h"
#include "blindbook/service/file_lock.h"

namespace blindbook::service {

/// A folder while it is made, in place: its parent may be closed to this user, and it may be a mount point.
/// What was made, and nothing else, is removed again on destruction unless complete() was called.
class UnfinishedFolder {
 public:
  UnfinishedFolder() = default;
  ~UnfinishedFolder();
  UnfinishedFolder(const UnfinishedFolder&) = delete;
  UnfinishedFolder& operator=(const UnfinishedFolder&) = delete;

  /// Makes `folder` (0700) unless it is there and empty, and keeps other runs out of it. BadInput
  /// "folder.exists" when it is not empty, no folder, or being made by another run, "folder.unfinished" when
  /// it is what a run that was killed has left of an operator's folder; Unavailable "file.folder",
  /// "file.lock".
  [[nodiscard]] Result<void> begin(const std::filesystem::path& folder);

  /// Makes `folder` (0700); one that is there already stays when this fails, and so does one in which there
  /// is something that was not made(). Unavailable "file.folder".
  [[nodiscard]] Result<void> make_folder(const std::filesystem::path& folder);

  /// `path` is made by this run, now or later, with all that is in it.
  void made(const std::filesystem::path& path) { made_.push_back(path); }

  void complete() noexcept { complete_ = true; }

 private:
  std::vector<std::filesystem::path> made_;
  std::vector<std::filesystem::path> made_folders_;
  std::optional<FileLock> lock_;
  bool complete_ = false;
};

}  // namespace blindbook::service
