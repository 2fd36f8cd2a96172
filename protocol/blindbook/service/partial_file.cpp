#include "blindbook/service/partial_file.h"

#include <cerrno>
#include <cstring>
#include <system_error>

#include "blindbook/service/storage_hint.h"

namespace blindbook::service {
namespace {

tl::unexpected<Error> write_error(const std::filesystem::path& path, int reason) {
  return unavailable("file.write", "cannot write " + path.string() + ": " + std::strerror(reason),
                     storage_hint(reason));
}

}  // namespace

std::filesystem::path PartialFile::partial_name(const std::filesystem::path& path) {
  return path.string() + ".part";
}

Result<PartialFile> PartialFile::create(const std::filesystem::path& path) {
  std::FILE* file = std::fopen(partial_name(path).c_str(), "wbe");
  if (file == nullptr) {
    return write_error(path, errno);
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
    return write_error(path_, errno);
  }
  return {};
}

Result<void> PartialFile::keep() && {
  if (std::fclose(file_.release()) != 0 || std::rename(partial_name(path_).c_str(), path_.c_str()) != 0) {
    const int reason = errno;
    std::error_code ignored;
    std::filesystem::remove(partial_name(path_), ignored);
    return write_error(path_, reason);
  }
  return {};
}

}  // namespace blindbook::service
