#pragma once

#include <filesystem>
#include <string_view>

#include "blindbook/base/error.h"

namespace blindbook::service {

/// A folder that is made beside the place where it shall stand, under a name that begins with a dot, and gets
/// its own name when it is whole. Whoever finds something under that name finds all of it, whenever a run was
/// killed. Until then it goes, with all that is in it, on destruction.
class FolderBeside {
 public:
  /// `rule` is that of the error when something stands at `to`; it must live for ever, as in every Error.
  FolderBeside(std::filesystem::path to, std::string_view rule);
  ~FolderBeside();
  FolderBeside(const FolderBeside&) = delete;
  FolderBeside& operator=(const FolderBeside&) = delete;

  /// Makes the folder (0700). BadInput `rule`; Unavailable "file.folder".
  [[nodiscard]] Result<void> make();
  /// Where it is until it is whole.
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  /// Gives it its name, at once and durably; never replaces anything, not even an empty folder. BadInput
  /// `rule`; Unavailable "file.write".
  [[nodiscard]] Result<void> become_whole();

 private:
  [[nodiscard]] tl::unexpected<Error> exists() const;

  std::filesystem::path to_;
  std::string_view rule_;
  std::filesystem::path path_;
};

}  // namespace blindbook::service
