#include "blindbook/service/audit.h"

#include <cerrno>
#include <charconv>
#include <cstring>
#include <limits>
#include <string>
#include <utility>

#include <fcntl.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "blindbook/hash/sha2.h"
#include "blindbook/service/atomic_file.h"
#include "blindbook/service/descriptor.h"
#include "blindbook/service/mapped_file.h"
#include "blindbook/service/storage_hint.h"

namespace blindbook::service {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Error> failure(std::string_view rule, const char* what, const fs::path& path) {
  return unavailable(rule, std::string(what) + " " + path.string() + ": " + std::strerror(errno),
                     storage_hint(errno));
}

/// False, with errno, when it cannot be had. The holder before keeps it for one write and one fsync.
bool lock(const Descriptor& file, int operation) {
  int done = -1;
  do {
    done = ::flock(file.get(), operation);
  } while (done != 0 && errno == EINTR);
  return done == 0;
}

std::string user_name(uid_t uid) {
  std::string buffer(16'384, '\0');  // more than sysconf(_SC_GETPW_R_SIZE_MAX) asks for
  struct passwd entry {};
  struct passwd* found = nullptr;
  const int error = ::getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found);
  return error == 0 && found != nullptr ? found->pw_name : std::string();
}

/// Linux keeps who logged in through su and sudo (proc_pid_loginuid(5)); the highest number says that nobody did.
std::optional<std::uint32_t> login_uid() {
  const Descriptor file(::open("/proc/self/loginuid", O_RDONLY | O_CLOEXEC));
  char text[16];
  const ssize_t got = file.valid() ? ::read(file.get(), text, sizeof text) : -1;
  std::uint32_t uid = 0;
  if (got <= 0 || std::from_chars(text, text + got, uid).ec != std::errc() ||
      uid == std::numeric_limits<std::uint32_t>::max()) {
    return std::nullopt;
  }
  return uid;
}

/// The bytes to append behind `text`: the entry, joined to the last one that there is.
std::string next_line(std::string_view text, UnixTime now, std::string_view command,
                      const AuditCounts& counts) {
  const AuditEnd end = end_of_audit_trail(text);
  const std::string line_end = text.empty() || text.ends_with('\n') ? "" : "\n";
  AuditEntry entry{.seq = end.seq + 1,
                   .at = now,
                   .uid = ::getuid(),
                   .user = user_name(::getuid()),
                   .login_uid = login_uid(),
                   .command = std::string(command),
                   .counts = counts,
                   .previous = end.head,
                   .remains = {}};
  if (end.whole < text.size()) {
    const std::string remains = std::string(text.substr(end.whole)) + line_end;
    entry.remains =
        AuditRemains{.bytes = remains.size(), .sha256 = Digest(hash::sha256({bytes_of(remains)}))};
  }
  return line_end + write_audit_entry(entry) + "\n";
}

bool write_all(const Descriptor& file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(file.get(), text.data(), text.size());
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written <= 0) {
      return false;
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

/// So that the name of a file that was just made survives too.
bool sync_folder_of(const fs::path& path) {
  const fs::path parent = path.parent_path();
  const Descriptor folder(::open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return folder.valid() && ::fsync(folder.get()) == 0;
}

/// From the end back.
template <class IsIt>
Result<std::optional<AuditEntry>> find_last(const fs::path& trail, IsIt is_it) {
  const auto mapped = MappedFile::open(trail);
  if (!mapped && mapped.error().rule != "file.open") {
    return tl::unexpected<Error>(mapped.error());
  }
  std::string_view text = mapped ? text_of((*mapped)->bytes()) : std::string_view();
  while (!text.empty()) {
    const std::size_t begin = text.rfind('\n') + 1;  // npos + 1 is the first line
    std::optional<AuditEntry> entry = parse_audit_entry(text.substr(begin));
    if (entry && is_it(*entry)) {
      return entry;
    }
    text = text.substr(0, begin == 0 ? 0 : begin - 1);
  }
  return std::optional<AuditEntry>();
}

}  // namespace

Result<void> append_audit(const fs::path& trail, UnixTime now, std::string_view command,
                          const AuditCounts& counts) {
  const Descriptor file(::open(trail.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  if (!file.valid()) {
    return failure("file.write", "cannot open", trail);
  }
  if (!lock(file, LOCK_EX)) {
    return failure("file.lock", "cannot lock", trail);
  }
  const auto mapped = MappedFile::open(trail);
  if (!mapped) {
    return tl::unexpected<Error>(mapped.error());
  }
  const std::string_view text = text_of((*mapped)->bytes());
  if (!write_all(file, next_line(text, now, command, counts)) || ::fsync(file.get()) != 0 ||
      (text.empty() && !sync_folder_of(trail))) {
    return failure("file.write", "cannot write", trail);
  }
  return {};
}

Result<Bytes> read_audit_trail(const fs::path& trail) {
  const Descriptor file(::open(trail.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid() && errno == ENOENT) {
    return Bytes();
  }
  if (file.valid() && !lock(file, LOCK_SH)) {
    return failure("file.lock", "cannot lock", trail);
  }
  return read_file(trail, std::numeric_limits<std::size_t>::max());
}

Result<std::optional<AuditEntry>> last_audit_entry(const fs::path& trail, std::string_view command) {
  return find_last(trail, [command](const AuditEntry& entry) { return entry.command == command; });
}

Result<std::optional<std::uint64_t>> last_audit_count(const fs::path& trail, std::string_view name) {
  Result<std::optional<AuditEntry>> entry =
      find_last(trail, [name](const AuditEntry& one) { return one.counts.contains(name); });
  if (!entry) {
    return failed(entry);
  }
  return *entry ? std::optional((*entry)->counts.find(name)->second) : std::nullopt;
}

}  // namespace blindbook::service
