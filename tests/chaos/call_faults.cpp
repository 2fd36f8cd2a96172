// Loaded into the program under test by LD_PRELOAD: counts the calls by which it changes what is on disk or
// reaches the network, and lets them go wrong from the K-th on. So a driver meets every point at which a
// crash or a full disk can come, one after the other, where a clock would meet some of them.
//
//   CALL_FAULTS=kill:K       the process is killed in place of the K-th call
//   CALL_FAULTS=tear:K       the same, but a write puts half of its bytes there first
//   CALL_FAULTS=full:K       from the K-th call on that needs space: ENOSPC
//   CALL_FAULTS=read-only:K  from the K-th call on that changes anything: EROFS
//   CALL_FAULTS_WHILE=FILE   counts and fails only while FILE is there
//   CALL_FAULTS_NAMED=1      the file system has no files without a name (O_TMPFILE)
//   CALL_FAULTS_LOG=FILE     gets a line for each call counted: its number, its name, what it was done to
//
// The numbers of one mode mean nothing in another: each counts only what it can make fail.

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

enum class Mode { kNone, kKill, kTear, kFull, kReadOnly };

/// What a call does, as far as a fault is concerned.
enum class Does {
  kTakesSpace,  ///< changes a file system, and needs room to do so
  kChanges,     ///< changes a file system in place, or gives room back
  kOpensToWrite,
  kTalks,  ///< to the network
};

struct Plan {
  Mode mode = Mode::kNone;
  long first = 0;
  const char* while_there = nullptr;
  int log = -1;
  std::atomic<long> count{0};

  Plan() {
    const char* text = std::getenv("CALL_FAULTS");
    const std::string_view wanted = text == nullptr ? "" : text;
    const std::size_t colon = wanted.find(':');
    if (colon != std::string_view::npos) {
      const std::string_view name = wanted.substr(0, colon);
      mode = name == "kill"        ? Mode::kKill
             : name == "tear"      ? Mode::kTear
             : name == "full"      ? Mode::kFull
             : name == "read-only" ? Mode::kReadOnly
                                   : Mode::kNone;
      first = std::atol(text + colon + 1);
    }
    if (text != nullptr && (mode == Mode::kNone || first < 1)) {
      std::fprintf(stderr, "call_faults: cannot do CALL_FAULTS=%s\n", text);
      std::abort();
    }
    while_there = std::getenv("CALL_FAULTS_WHILE");
    if (const char* path = std::getenv("CALL_FAULTS_LOG"); path != nullptr) {
      // Past the functions below, which would count it.
      log = static_cast<int>(
          ::syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600));
    }
  }

  [[nodiscard]] bool counts(Does does) const {
    switch (mode) {
      case Mode::kNone:
        return false;
      case Mode::kKill:
      case Mode::kTear:
        return does != Does::kOpensToWrite;
      case Mode::kFull:
        return does == Does::kTakesSpace;
      case Mode::kReadOnly:
        return does != Does::kTalks;
    }
    return false;
  }
};

Plan& plan() {
  static Plan the_plan;
  return the_plan;
}

[[noreturn]] void die() {
  ::kill(::getpid(), SIGKILL);
  for (;;) {
    ::pause();
  }
}

void note(long number, const char* name, const std::string& object) {
  if (plan().log >= 0) {
    const std::string line = std::to_string(number).append(" ").append(name) + " " + object + "\n";
    static_cast<void>(::syscall(SYS_write, plan().log, line.data(), line.size()));
  }
}

/// True when the call must fail, with errno set; does not return when the process is to die here, unless it
/// is to `tear`, which the caller can.
bool fails(Does does, const char* name, const std::string& object, bool* tear = nullptr) {
  Plan& it = plan();
  if (!it.counts(does) || (it.while_there != nullptr && ::access(it.while_there, F_OK) != 0)) {
    return false;
  }
  const long number = ++it.count;
  note(number, name, object);
  if (number < it.first) {
    return false;
  }
  if (it.mode == Mode::kTear && tear != nullptr) {
    *tear = true;
    return false;
  }
  if (it.mode == Mode::kKill || it.mode == Mode::kTear) {
    die();
  }
  errno = it.mode == Mode::kFull ? ENOSPC : EROFS;
  return true;
}

std::string name_of(int descriptor) {
  char target[4096];
  const std::string link = "/proc/self/fd/" + std::to_string(descriptor);
  const ssize_t length = ::readlink(link.c_str(), target, sizeof target);
  return length < 0 ? "?" : std::string(target, static_cast<std::size_t>(length));
}

/// Pipes and sockets share some calls with files, and have no disk behind them; what the program says may go
/// to a file, and is the driver's.
bool is_file(int descriptor) {
  struct stat status {};
  return descriptor > STDERR_FILENO && ::fstat(descriptor, &status) == 0 &&
         (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode));
}

template <class Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

bool open_fails(const char* name, const char* path, int flags) {
  if ((flags & O_TMPFILE) == O_TMPFILE && std::getenv("CALL_FAULTS_NAMED") != nullptr) {
    errno = EOPNOTSUPP;
    return true;
  }
  if ((flags & O_TMPFILE) == O_TMPFILE || ((flags & O_CREAT) != 0 && ::access(path, F_OK) != 0)) {
    return fails(Does::kTakesSpace, name, path);
  }
  return (flags & O_ACCMODE) != O_RDONLY && std::string_view(path).substr(0, 5) != "/dev/" &&
         fails(Does::kOpensToWrite, name, path);
}

bool takes_mode(int flags) {
  return (flags & (O_CREAT | O_TMPFILE)) != 0;
}

template <class Write>
ssize_t write_or_tear(const char* name, int descriptor, std::size_t size, const Write& write) {
  bool tear = false;
  if (is_file(descriptor) && fails(Does::kTakesSpace, name, name_of(descriptor), &tear)) {
    return -1;
  }
  if (tear) {
    static_cast<void>(write(size / 2));
    die();
  }
  return write(size);
}

}  // namespace

// What is declared `noexcept` or not follows the C library's headers.
extern "C" {

int open(const char* path, int flags, ...) {
  mode_t mode = 0;
  if (takes_mode(flags)) {
    va_list rest;
    va_start(rest, flags);
    mode = va_arg(rest, mode_t);
    va_end(rest);
  }
  return open_fails("open", path, flags) ? -1 : next<int(const char*, int, ...)>("open")(path, flags, mode);
}

int open64(const char* path, int flags, ...) {
  mode_t mode = 0;
  if (takes_mode(flags)) {
    va_list rest;
    va_start(rest, flags);
    mode = va_arg(rest, mode_t);
    va_end(rest);
  }
  return open_fails("open", path, flags) ? -1 : next<int(const char*, int, ...)>("open64")(path, flags, mode);
}

FILE* fopen(const char* path, const char* mode) {
  const bool writes = std::string_view(mode).find_first_of("wa+") != std::string_view::npos;
  return writes && open_fails("fopen", path, O_WRONLY | O_CREAT)
             ? nullptr
             : next<FILE*(const char*, const char*)>("fopen")(path, mode);
}

int mkostemp(char* pattern, int flags) {
  return fails(Does::kTakesSpace, "mkostemp", pattern) ? -1
                                                       : next<int(char*, int)>("mkostemp")(pattern, flags);
}

ssize_t write(int descriptor, const void* bytes, std::size_t size) {
  return write_or_tear("write", descriptor, size, [&](std::size_t part) {
    return next<ssize_t(int, const void*, std::size_t)>("write")(descriptor, bytes, part);
  });
}

ssize_t pwrite64(int descriptor, const void* bytes, std::size_t size, off64_t at) {
  return write_or_tear("pwrite", descriptor, size, [&](std::size_t part) {
    return next<ssize_t(int, const void*, std::size_t, off64_t)>("pwrite64")(descriptor, bytes, part, at);
  });
}

std::size_t fwrite(const void* bytes, std::size_t size, std::size_t count, FILE* file) {
  const int descriptor = ::fileno(file);
  return is_file(descriptor) && fails(Does::kTakesSpace, "fwrite", name_of(descriptor))
             ? 0
             : next<std::size_t(const void*, std::size_t, std::size_t, FILE*)>("fwrite")(bytes, size, count,
                                                                                         file);
}

int fclose(FILE* file) {
  const int descriptor = ::fileno(file);
  const bool failed = is_file(descriptor) && (::fcntl(descriptor, F_GETFL) & O_ACCMODE) != O_RDONLY &&
                      fails(Does::kTakesSpace, "fclose", name_of(descriptor));
  const int reason = errno;
  const int closed = next<int(FILE*)>("fclose")(file);
  if (failed) {
    errno = reason;
    return EOF;
  }
  return closed;
}

int fsync(int descriptor) {
  return fails(Does::kTakesSpace, "fsync", name_of(descriptor)) ? -1 : next<int(int)>("fsync")(descriptor);
}

int fdatasync(int descriptor) {
  return fails(Does::kTakesSpace, "fdatasync", name_of(descriptor)) ? -1
                                                                    : next<int(int)>("fdatasync")(descriptor);
}

int ftruncate64(int descriptor, off64_t size) noexcept {
  return fails(Does::kTakesSpace, "ftruncate", name_of(descriptor))
             ? -1
             : next<int(int, off64_t)>("ftruncate64")(descriptor, size);
}

int fchmod(int descriptor, mode_t mode) noexcept {
  return fails(Does::kChanges, "fchmod", name_of(descriptor))
             ? -1
             : next<int(int, mode_t)>("fchmod")(descriptor, mode);
}

int fchmodat(int folder, const char* path, mode_t mode, int flags) noexcept {
  return fails(Does::kChanges, "fchmodat", path)
             ? -1
             : next<int(int, const char*, mode_t, int)>("fchmodat")(folder, path, mode, flags);
}

int mkdir(const char* path, mode_t mode) noexcept {
  // Of a folder that is there the program wants to hear just that.
  return ::access(path, F_OK) != 0 && fails(Does::kTakesSpace, "mkdir", path)
             ? -1
             : next<int(const char*, mode_t)>("mkdir")(path, mode);
}

int rename(const char* from, const char* to) noexcept {
  return fails(Does::kTakesSpace, "rename", to) ? -1
                                                : next<int(const char*, const char*)>("rename")(from, to);
}

int link(const char* from, const char* to) noexcept {
  return fails(Does::kTakesSpace, "link", to) ? -1 : next<int(const char*, const char*)>("link")(from, to);
}

int linkat(int from_folder, const char* from, int to_folder, const char* to, int flags) noexcept {
  return fails(Does::kTakesSpace, "linkat", to) ? -1
                                                : next<int(int, const char*, int, const char*, int)>(
                                                      "linkat")(from_folder, from, to_folder, to, flags);
}

int unlink(const char* path) noexcept {
  return fails(Does::kChanges, "unlink", path) ? -1 : next<int(const char*)>("unlink")(path);
}

int unlinkat(int folder, const char* path, int flags) noexcept {
  return fails(Does::kChanges, "unlinkat", path)
             ? -1
             : next<int(int, const char*, int)>("unlinkat")(folder, path, flags);
}

int remove(const char* path) noexcept {
  return fails(Does::kChanges, "remove", path) ? -1 : next<int(const char*)>("remove")(path);
}

int connect(int socket, const sockaddr* address, socklen_t length) {
  static_cast<void>(fails(Does::kTalks, "connect", "a socket"));
  return next<int(int, const sockaddr*, socklen_t)>("connect")(socket, address, length);
}

ssize_t sendmsg(int socket, const msghdr* message, int flags) {
  static_cast<void>(fails(Does::kTalks, "sendmsg", "a socket"));
  return next<ssize_t(int, const msghdr*, int)>("sendmsg")(socket, message, flags);
}

ssize_t recvmsg(int socket, msghdr* message, int flags) {
  static_cast<void>(fails(Does::kTalks, "recvmsg", "a socket"));
  return next<ssize_t(int, msghdr*, int)>("recvmsg")(socket, message, flags);
}

}  // extern "C"
