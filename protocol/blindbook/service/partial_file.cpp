#include "blindbook/service/partial_file.h"

#include <system_error>

namespace blindbook::service {
namespace {

tl::unexpected<Error> write_error(const std::filesystem::path& path) {
  return unavailable("file.write", "cannot write " + path.string());
}

}  // namespace

std::filesystem::path PartialFile::partial_name(const std::filesystem::path& path) {
  return path.string() + ".part";
}

Result<PartialFile> PartialFile::create(const std::filesystem::path& path) {
  std::FILE* file = std::fopen(partial_name(path).c_str(), "wbe");
  if (file == nullptr) {
    return write_error(path);
  }
  return PartialFile(path, file);
}

PartialFile::~PartialFile() {
  if (file_ != nullptr) {
    file_.reset();
    std::error_code ignored;
    std::filesystem::remove(partial_name(path_), ignored);
  }
}

Result<void> PartialFile::append(ByteView bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size()) {
    return write_error(path_);
  }
  return {};
}

Result<void> PartialFile::keep() && {
  const bool closed = std::fclose(file_.release()) == 0;
  std::error_code error;
  if (closed) {
    std::filesystem::rename(partial_name(path_), path_, error);
  }
  if (!closed || error) {
    std::error_code ignored;
    std::filesystem::remove(partial_name(path_), ignored);
    return write_error(path_);
  }
  return {};
}

}  // namespace blindbook::service
