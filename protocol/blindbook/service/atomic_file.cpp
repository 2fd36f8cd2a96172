#include "blindbook/service/atomic_file.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "blindbook/service/descriptor.h"
#include "blindbook/service/storage_hint.h"

namespace blindbook::service {
namespace {

namespace fs = std::filesystem;

std::string because(std::string_view what, const fs::path& path) {
  return std::string(what) + " " + path.string() + ": " + std::strerror(errno);
}

fs::path folder_of(const fs::path& path) {
  const fs::path folder = path.parent_path();
  return folder.empty() ? fs::path(".") : folder;
}

bool sync_folder(const fs::path& folder) {
  const Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return descriptor.valid() && ::fsync(descriptor.get()) == 0;
}

bool write_all(int descriptor, ByteView content) {
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written <= 0) {
      return false;
    }
    content = content.subspan(static_cast<std::size_t>(written));
  }
  return true;
}

bool settle(const Descriptor& descriptor, FileAccess access) {
  const mode_t mode = access == FileAccess::kOwnerOnly ? 0600 : 0644;
  return ::fchmod(descriptor.get(), mode) == 0 && ::fsync(descriptor.get()) == 0;
}

bool fill(const Descriptor& descriptor, ByteView content, FileAccess access) {
  return descriptor.valid() && write_all(descriptor.get(), content) && settle(descriptor, access);
}

constexpr std::string_view kTemporaryEnd = "XXXXXX";  // what mkostemp() replaces

std::string temporary_begin(const fs::path& path) {
  return std::string(".").append(path.filename().string()).append(".");
}

/// A name that nobody else uses, unlinked again unless it was renamed away.
class TemporaryFile {
 public:
  explicit TemporaryFile(const fs::path& beside)
      : name_(folder_of(beside) / temporary_begin(beside).append(kTemporaryEnd)),
        descriptor_(::mkostemp(name_.data(), O_CLOEXEC)) {}
  ~TemporaryFile() {
    if (descriptor_.valid() && !renamed_) {
      ::unlink(name_.c_str());
    }
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  [[nodiscard]] const Descriptor& descriptor() const noexcept { return descriptor_; }
  /// False, with errno, when something stands there.
  [[nodiscard]] bool link_to(const fs::path& path) const { return ::link(name_.c_str(), path.c_str()) == 0; }
  [[nodiscard]] bool rename_to(const fs::path& path) {
    renamed_ = ::rename(name_.c_str(), path.c_str()) == 0;
    return renamed_;
  }

 private:
  std::string name_;
  Descriptor descriptor_;
  bool renamed_ = false;
};

/// The name of the file that a temporary one was to become; empty when `name` is not one of a temporary file.
std::string_view meant_to_be(std::string_view name) {
  const std::size_t around = 2 + kTemporaryEnd.size();  // the dots before and behind it
  if (name.size() <= around || !name.starts_with('.') ||
      name[name.size() - kTemporaryEnd.size() - 1] != '.') {
    return {};
  }
  return name.substr(1, name.size() - around);
}

/// Unlinks in `folder` the temporary files of the names that `is_wanted` says.
template <class IsWanted>
void remove_temporaries(const fs::path& folder, IsWanted is_wanted) {
  std::vector<fs::path> found;
  std::error_code ignored;
  for (fs::directory_iterator at(folder, ignored), end; !ignored && at != end; at.increment(ignored)) {
    const std::string name = at->path().filename().string();
    if (const std::string_view of = meant_to_be(name); !of.empty() && is_wanted(of)) {
      found.push_back(at->path());
    }
  }
  for (const fs::path& leftover : found) {
    ::unlink(leftover.c_str());
  }
}

/// A file without a name (open(2), O_TMPFILE); not valid on file systems that have none.
Descriptor open_nameless(const fs::path& folder) {
  return Descriptor(::open(folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600));
}

/// Gives it a name; false, with errno, when something stands there.
bool name_nameless(const Descriptor& descriptor, const fs::path& path) {
  const std::string open_file = "/proc/self/fd/" + std::to_string(descriptor.get());
  return ::linkat(AT_FDCWD, open_file.c_str(), AT_FDCWD, path.c_str(), AT_SYMLINK_FOLLOW) == 0;
}

struct Opened {
  Descriptor descriptor;
  struct stat status;
};

Result<Opened> open_for_reading(const fs::path& path, std::size_t max_bytes) {
  Opened opened{Descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)), {}};
  if (!opened.descriptor.valid() || ::fstat(opened.descriptor.get(), &opened.status) != 0) {
    return bad_input("file.open", because("cannot open", path));
  }
  if (!S_ISREG(opened.status.st_mode)) {
    return bad_input("file.size", path.string() + " is not a regular file");
  }
  if (static_cast<std::uintmax_t>(opened.status.st_size) > max_bytes) {
    return bad_input("file.size", path.string() + " is longer than " + std::to_string(max_bytes) + " bytes");
  }
  return opened;
}

/// Reads into all of `out`; a file that grew since is read up to there, one that shrank is a failure.
Result<void> read_exactly(const Opened& opened, const fs::path& path, MutableBytes out) {
  while (!out.empty()) {
    const ssize_t got = ::read(opened.descriptor.get(), out.data(), out.size());
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got <= 0) {
      return unavailable("file.read",
                         got < 0 ? because("cannot read", path) : path.string() + " was cut while read");
    }
    out = out.subspan(static_cast<std::size_t>(got));
  }
  return {};
}

tl::unexpected<Error> cannot_write(const fs::path& path) {
  return unavailable("file.write", because("cannot write", path), storage_hint(errno));
}

}  // namespace

Result<void> write_file_atomically(const fs::path& path, ByteView content, FileAccess access) {
  // rename() would take the place of a device as of a file, if whoever runs this may do so.
  std::error_code ignored;
  const fs::file_status there = fs::symlink_status(path, ignored);
  if (fs::exists(there) && !fs::is_regular_file(there) && !fs::is_symlink(there)) {
    return unavailable("file.write", path.string() + " is there, and is no file");
  }
  TemporaryFile temporary(path);
  if (!fill(temporary.descriptor(), content, access) || !temporary.rename_to(path) ||
      !sync_folder(folder_of(path))) {
    return cannot_write(path);
  }
  return {};
}

struct AtomicFile::Growing {
  explicit Growing(const fs::path& where) : path(where), temporary(where) {}
  fs::path path;
  TemporaryFile temporary;
};

AtomicFile::AtomicFile(std::unique_ptr<Growing> growing) noexcept : growing_(std::move(growing)) {}
AtomicFile::AtomicFile(AtomicFile&&) noexcept = default;
AtomicFile& AtomicFile::operator=(AtomicFile&&) noexcept = default;
AtomicFile::~AtomicFile() = default;

Result<AtomicFile> AtomicFile::create(const fs::path& path) {
  auto growing = std::make_unique<Growing>(path);
  if (!growing->temporary.descriptor().valid()) {
    return cannot_write(path);
  }
  return AtomicFile(std::move(growing));
}

Result<void> AtomicFile::append(ByteView bytes) {
  if (!write_all(growing_->temporary.descriptor().get(), bytes)) {
    return cannot_write(growing_->path);
  }
  return {};
}

Result<void> AtomicFile::finish(FileAccess access) && {
  const std::unique_ptr<Growing> growing = std::move(growing_);
  if (!settle(growing->temporary.descriptor(), access) || !growing->temporary.rename_to(growing->path) ||
      !sync_folder(folder_of(growing->path))) {
    return cannot_write(growing->path);
  }
  return {};
}

Result<bool> write_new_file(const fs::path& path, ByteView content, FileAccess access) {
  const fs::path folder = folder_of(path);
  bool named = false;
  if (const Descriptor nameless = open_nameless(folder); fill(nameless, content, access)) {
    named = name_nameless(nameless, path);
    if (!named && errno == EEXIST) {
      return false;
    }
  }
  if (!named) {  // no such files here, or no /proc
    const TemporaryFile temporary(path);
    if (!fill(temporary.descriptor(), content, access)) {
      return cannot_write(path);
    }
    if (!temporary.link_to(path)) {
      return errno == EEXIST ? Result<bool>(false) : Result<bool>(cannot_write(path));
    }
  }
  if (!sync_folder(folder)) {
    const int reason = errno;
    ::unlink(path.c_str());  // this call's own, which nobody was told of
    errno = reason;
    return cannot_write(path);
  }
  return true;
}

void remove_leftovers(const fs::path& path) {
  const std::string name = path.filename().string();
  remove_temporaries(folder_of(path), [&name](std::string_view of) { return of == name; });
}

void remove_leftovers_in(const fs::path& folder, std::string_view begin, std::string_view end) {
  remove_temporaries(folder, [begin, end](std::string_view of) {
    return of.size() >= begin.size() + end.size() && of.starts_with(begin) && of.ends_with(end);
  });
}

void remove_all_but(const fs::path& folder, const std::vector<fs::path>& kept) {
  std::error_code ignored;
  std::vector<fs::path> others;
  for (fs::directory_iterator at(folder, ignored), end; !ignored && at != end; at.increment(ignored)) {
    if (std::ranges::find(kept, at->path()) == kept.end()) {
      others.push_back(at->path());
    }
  }
  for (const fs::path& path : others) {
    fs::remove(path, ignored);
  }
}

Result<Bytes> read_file(const fs::path& path, std::size_t max_bytes) {
  Result<Opened> opened = open_for_reading(path, max_bytes);
  if (!opened) {
    return failed(opened);
  }
  Bytes out(static_cast<std::size_t>(opened->status.st_size));
  if (Result<void> read = read_exactly(*opened, path, out); !read) {
    return failed(read);
  }
  return out;
}

Result<SecretBytes> read_secret_file(const fs::path& path, std::size_t max_bytes, OthersMay others) {
  Result<Opened> opened = open_for_reading(path, max_bytes);
  if (!opened) {
    return failed(opened);
  }
  const mode_t forbidden = others == OthersMay::kNothing ? 0077 : 0007;
  if ((opened->status.st_mode & forbidden) != 0) {
    return bad_input("file.access", path.string() + " holds a secret and can be read or written by others",
                     "chmod 600 " + path.string());
  }
  SecretBytes out(static_cast<std::size_t>(opened->status.st_size));
  if (Result<void> read = read_exactly(*opened, path, out.expose_mutable()); !read) {
    return failed(read);
  }
  return out;
}

Result<void> remove_file(const fs::path& path) {
  if (::unlink(path.c_str()) != 0) {
    if (errno == ENOENT) {
      return {};
    }
    return unavailable("file.remove", because("cannot remove", path), storage_hint(errno));
  }
  if (!sync_folder(folder_of(path))) {
    return unavailable("file.remove", because("cannot make the removal durable of", path),
                       storage_hint(errno));
  }
  return {};
}

Result<void> create_folder(const fs::path& path, FileAccess access) {
  const fs::path folder = path.lexically_normal();
  fs::path built;
  for (const fs::path& part : folder) {
    built /= part;
    if (part.empty() || part == "/" || part == "." || part == "..") {
      continue;
    }
    if (::mkdir(built.c_str(), access == FileAccess::kOwnerOnly ? 0700 : 0755) == 0) {
      if (!sync_folder(folder_of(built))) {
        return unavailable("file.folder", because("cannot create", path), storage_hint(errno));
      }
    } else if (errno != EEXIST) {
      return unavailable("file.folder", because("cannot create", path), storage_hint(errno));
    }
  }
  std::error_code ignored;
  if (!fs::is_directory(path, ignored)) {
    errno = ENOTDIR;
    return unavailable("file.folder", because("cannot create", path), storage_hint(errno));
  }
  return {};
}

}  // namespace blindbook::service
