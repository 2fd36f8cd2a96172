#pragma once

#include <cstddef>
#include <stdexcept>

#include "blindbook/base/bytes.h"

/// Messages on a stream socket: four bytes of length, most significant first, then so many bytes.
namespace blindbook::bench {

inline constexpr std::size_t kFrameHeaderBytes = 4;

/// The other end of a socket is closed, or broke off within a message.
class PeerGone : public std::runtime_error {
 public:
  PeerGone() : std::runtime_error("the other party is gone") {}
};

/// Sends all of `message`, which is at most `most` bytes long. Throws PeerGone; std::length_error when it is longer;
/// std::system_error when the socket fails.
void write_frame(int socket, ByteView message, std::size_t most);

/// The next message. What is announced is held in memory only as it arrives. Throws as write_frame(), and std::length_error
/// when more than `most` bytes are announced.
[[nodiscard]] Bytes read_frame(int socket, std::size_t most);

}  // namespace blindbook::bench
