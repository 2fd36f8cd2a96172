#include "blindbook/service/file_lock.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/file.h>

#include "blindbook/service/storage_hint.h"

namespace blindbook::service {

Result<FileLock> FileLock::acquire(const std::filesystem::path& path, std::string_view rule,
                                   std::string message) {
  return lock(Descriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)), path, rule,
              std::move(message));
}

Result<FileLock> FileLock::acquire_folder(const std::filesystem::path& folder, std::string_view rule,
                                          std::string message) {
  return lock(Descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)), folder, rule,
              std::move(message));
}

Result<FileLock> FileLock::lock(Descriptor descriptor, const std::filesystem::path& path,
                                std::string_view rule, std::string message) {
  if (!descriptor.valid()) {
    return unavailable("file.lock", "cannot open " + path.string() + ": " + std::strerror(errno),
                       storage_hint(errno));
  }
  while (::flock(descriptor.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) {
      return bad_input(rule, std::move(message));
    }
    if (errno != EINTR) {
      return unavailable("file.lock", "cannot lock " + path.string() + ": " + std::strerror(errno));
    }
  }
  return FileLock(std::move(descriptor));
}

}  // namespace blindbook::service
