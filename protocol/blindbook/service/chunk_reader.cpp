#include "blindbook/service/chunk_reader.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace blindbook::service {
namespace {

constexpr std::size_t kChunkBytes = std::size_t{256} << 10;

}  // namespace

ChunkReader::ChunkReader(Descriptor descriptor, std::string name, std::uint64_t bytes_total)
    : descriptor_(std::move(descriptor)),
      name_(std::move(name)),
      buffer_(kChunkBytes, '\0'),
      bytes_total_(bytes_total) {}

Result<ChunkReader> ChunkReader::open(const std::string& name) {
  Descriptor descriptor(name == "-" ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                                    : ::open(name.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status {};
  if (!descriptor.valid() || ::fstat(descriptor.get(), &status) != 0) {
    return bad_input("file.open",
                     std::string("cannot open ").append(name).append(": ").append(std::strerror(errno)));
  }
  if (S_ISDIR(status.st_mode)) {
    return bad_input("file.open", name + " is a folder");
  }
  const std::uint64_t total = S_ISREG(status.st_mode) ? static_cast<std::uint64_t>(status.st_size) : 0;
  return ChunkReader(std::move(descriptor), name, total);
}

Result<std::string_view> ChunkReader::next() {
  ssize_t got = -1;
  do {
    got = ::read(descriptor_.get(), buffer_.data(), buffer_.size());
  } while (got < 0 && errno == EINTR);
  if (got < 0) {
    return unavailable("file.read",
                       std::string("cannot read ").append(name_).append(": ").append(std::strerror(errno)));
  }
  bytes_read_ += static_cast<std::uint64_t>(got);
  return std::string_view(buffer_).substr(0, static_cast<std::size_t>(got));
}

}  // namespace blindbook::service
