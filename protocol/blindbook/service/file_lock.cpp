#include "blindbook/service/file_lock.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/file.h>

namespace blindbook::service {

Result<FileLock> FileLock::acquire(const std::filesystem::path& path, std::string_view rule,
                                   std::string message) {
  Descriptor descriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!descriptor.valid()) {
    return unavailable("file.lock", "cannot open " + path.string() + ": " + std::strerror(errno));
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
