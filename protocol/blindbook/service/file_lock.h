#pragma once

#include <filesystem>

#include "blindbook/base/error.h"
#include "blindbook/service/descriptor.h"

namespace blindbook::service {

/// Holds an exclusive advisory lock on a file, across processes and across opens in one process. The kernel
/// lets go of it when the holder ends, however it ends. The file itself stays: unlinking it would let two
/// holders in.
class FileLock {
 public:
  /// Creates `path` (0600) if needed and locks it without waiting. BadInput `rule` with `message` when
  /// another holds it; Unavailable "file.lock" when the file cannot be opened. `rule` must live for ever, as
  /// in every Error.
  [[nodiscard]] static Result<FileLock> acquire(const std::filesystem::path& path, std::string_view rule,
                                                std::string message);
  /// As acquire(), for a folder that is there: no file is made in it.
  [[nodiscard]] static Result<FileLock> acquire_folder(const std::filesystem::path& folder,
                                                       std::string_view rule, std::string message);

 private:
  [[nodiscard]] static Result<FileLock> lock(Descriptor descriptor, const std::filesystem::path& path,
                                             std::string_view rule, std::string message);
  explicit FileLock(Descriptor descriptor) noexcept : descriptor_(std::move(descriptor)) {}
  Descriptor descriptor_;
};

}  // namespace blindbook::service
