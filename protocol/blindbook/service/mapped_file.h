#pragma once

#include <filesystem>
#include <memory>

#include "blindbook/base/bytes.h"
#include "blindbook/base/error.h"

namespace blindbook::service {

/// A whole file mapped into memory, read-only and shared by every process that maps it. It stays readable
/// after the file is unlinked or replaced by a rename, but not after it is truncated in place, which no part
/// of blindbook does.
class MappedFile {
 public:
  /// BadInput "file.open" when it cannot be opened, "file.size" when it is no regular file; Unavailable
  /// "file.read".
  [[nodiscard]] static Result<std::shared_ptr<const MappedFile>> open(const std::filesystem::path& path);

  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();

  [[nodiscard]] ByteView bytes() const noexcept { return bytes_; }

 private:
  explicit MappedFile(ByteView bytes) noexcept : bytes_(bytes) {}
  ByteView bytes_;
};

}  // namespace blindbook::service
