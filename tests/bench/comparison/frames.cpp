#include "tests/bench/comparison/frames.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>
#include <string>
#include <system_error>

#include <sys/socket.h>
#include <sys/uio.h>

namespace blindbook::bench {
namespace {

/// How much is made room for before any of it has arrived.
constexpr std::size_t kFirstPiece = std::size_t{1} << 18;

[[noreturn]] void throw_socket_error() {
  if (errno == EPIPE || errno == ECONNRESET) {
    throw PeerGone();
  }
  throw std::system_error(errno, std::generic_category(), "a socket between the parties failed");
}

void check_length(std::size_t length, std::size_t most) {
  if (length > most) {
    throw std::length_error("a message of " + std::to_string(length) + " bytes, where at most " +
                            std::to_string(most) + " are taken");
  }
}

void read_all(int socket, MutableBytes out) {
  while (!out.empty()) {
    const ssize_t got = ::recv(socket, out.data(), out.size(), 0);
    if (got == 0) {
      throw PeerGone();
    }
    if (got > 0) {
      out = out.subspan(static_cast<std::size_t>(got));
    } else if (errno != EINTR) {
      throw_socket_error();
    }
  }
}

}  // namespace

void write_frame(int socket, ByteView message, std::size_t most) {
  check_length(message.size(), std::min<std::size_t>(most, std::numeric_limits<std::uint32_t>::max()));
  ByteWriter writer;
  writer.u32(static_cast<std::uint32_t>(message.size()));
  // Header and message go together: a small message is one piece, and a kill leaves no header alone behind.
  ByteView header = writer.view();
  while (!header.empty() || !message.empty()) {
    std::array<iovec, 2> pieces{iovec{const_cast<std::uint8_t*>(header.data()), header.size()},
                                iovec{const_cast<std::uint8_t*>(message.data()), message.size()}};
    msghdr parts{};
    parts.msg_iov = pieces.data();
    parts.msg_iovlen = pieces.size();
    const ssize_t sent = ::sendmsg(socket, &parts, MSG_NOSIGNAL);
    if (sent < 0) {
      if (errno != EINTR) {
        throw_socket_error();
      }
      continue;
    }
    const std::size_t of_header = std::min(static_cast<std::size_t>(sent), header.size());
    header = header.subspan(of_header);
    message = message.subspan(static_cast<std::size_t>(sent) - of_header);
  }
}

Bytes read_frame(int socket, std::size_t most) {
  std::array<std::uint8_t, kFrameHeaderBytes> header{};
  read_all(socket, header);
  const std::size_t length = ByteReader(header).u32();
  check_length(length, most);
  Bytes out;
  for (std::size_t have = 0; have < length;) {
    const std::size_t next = std::min(length, std::max(kFirstPiece, 2 * have));
    out.resize(next);
    read_all(socket, MutableBytes(out).subspan(have));
    have = next;
  }
  return out;
}

}  // namespace blindbook::bench
