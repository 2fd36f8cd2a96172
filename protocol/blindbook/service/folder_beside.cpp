#include "blindbook/service/folder_beside.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "blindbook/service/descriptor.h"

namespace blindbook::service {
namespace {

namespace fs = std::filesystem;

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(fs::symlink_status(path, ignored));
}

fs::path parent_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

/// False, with errno, when something stands at `to`.
bool rename_to_new(const fs::path& from, const fs::path& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) {
    return true;
  }
  if (errno != EINVAL && errno != ENOSYS) {
    return false;
  }
  // A file system that cannot promise it. What is not empty is never replaced by rename() either.
  if (is_there(to)) {
    errno = EEXIST;
    return false;
  }
  return ::rename(from.c_str(), to.c_str()) == 0;
}

bool sync_folder(const fs::path& folder) {
  const Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return descriptor.valid() && ::fsync(descriptor.get()) == 0;
}

}  // namespace

FolderBeside::FolderBeside(fs::path to, std::string_view rule)
    : to_(to.has_filename() ? std::move(to) : to.parent_path()), rule_(rule) {}

FolderBeside::~FolderBeside() {
  if (!path_.empty()) {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
}

Result<void> FolderBeside::make() {
  if (is_there(to_)) {
    return exists();
  }
  std::string name = (parent_of(to_) / ("." + to_.filename().string() + ".XXXXXX")).string();
  if (::mkdtemp(name.data()) == nullptr) {
    return unavailable("file.folder",
                       "cannot make a folder beside " + to_.string() + ": " + std::strerror(errno));
  }
  path_ = name;
  return {};
}

Result<void> FolderBeside::become_whole() {
  const bool renamed = rename_to_new(path_, to_);
  if (!renamed && (errno == EEXIST || errno == ENOTEMPTY)) {
    return exists();
  }
  if (!renamed) {
    return unavailable("file.write", "cannot write " + to_.string() + ": " + std::strerror(errno));
  }
  path_.clear();
  if (!sync_folder(parent_of(to_))) {
    return unavailable("file.write", "cannot write " + to_.string() + ": " + std::strerror(errno));
  }
  return {};
}

tl::unexpected<Error> FolderBeside::exists() const {
  return bad_input(rule_, to_.string() + " exists, and is never written over",
                   "name a new folder, by the date for instance");
}

}  // namespace blindbook::service
