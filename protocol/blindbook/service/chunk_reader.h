#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "blindbook/base/error.h"
#include "blindbook/service/descriptor.h"

namespace blindbook::service {

/// Reads a file, a pipe or the standard input in chunks.
class ChunkReader {
 public:
  /// `name` is "-" for the standard input. BadInput "file.open".
  [[nodiscard]] static Result<ChunkReader> open(const std::string& name);

  /// The next bytes, valid until the next call; empty at the end. Unavailable "file.read".
  [[nodiscard]] Result<std::string_view> next();

  [[nodiscard]] std::uint64_t bytes_read() const noexcept { return bytes_read_; }
  /// 0 when unknown.
  [[nodiscard]] std::uint64_t bytes_total() const noexcept { return bytes_total_; }

 private:
  ChunkReader(Descriptor descriptor, std::string name, std::uint64_t bytes_total);

  Descriptor descriptor_;
  std::string name_;
  std::string buffer_;
  std::uint64_t bytes_read_ = 0;
  std::uint64_t bytes_total_;
};

}  // namespace blindbook::service
