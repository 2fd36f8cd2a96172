#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>

#include "blindbook/base/bytes.h"
#include "blindbook/base/error.h"

namespace blindbook::service {

/// A file that grows beside its final name and takes that name only when keep() is called: what has not been
/// verified never stands under the name that others read. Discarded otherwise. Not fsynced: for what can be
/// fetched again.
class PartialFile {
 public:
  /// Where a file grows before it is `path`.
  [[nodiscard]] static std::filesystem::path partial_name(const std::filesystem::path& path);

  /// Unavailable "file.write".
  [[nodiscard]] static Result<PartialFile> create(const std::filesystem::path& path);
  PartialFile(PartialFile&&) noexcept = default;
  PartialFile& operator=(PartialFile&&) = delete;
  ~PartialFile();

  /// Unavailable "file.write".
  [[nodiscard]] Result<void> append(ByteView bytes);
  /// Gives the file its name, replacing what stood there. Unavailable "file.write".
  [[nodiscard]] Result<void> keep() &&;

 private:
  struct Close {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
  };
  PartialFile(std::filesystem::path path, std::FILE* file) noexcept : path_(std::move(path)), file_(file) {}

  std::filesystem::path path_;
  std::unique_ptr<std::FILE, Close> file_;  // null once kept or moved away
};

}  // namespace blindbook::service
