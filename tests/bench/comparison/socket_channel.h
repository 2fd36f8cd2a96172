#pragma once

#include <cstddef>
#include <cstdint>

#include "blindbook/service/descriptor.h"

#include "tests/bench/baselines/protocol.h"

namespace blindbook::bench {

/// The longest message of a protocol, in bytes: what a set of a million elements of 3072 bits takes, and some room.
inline constexpr std::size_t kMostMessageBytes = std::size_t{1} << 29;

/// What one party saw pass. The four bytes of each message's length are counted with it.
struct Traffic {
  std::uint64_t bytes_sent = 0;
  std::uint64_t messages_sent = 0;
  std::uint64_t bytes_received = 0;
  std::uint64_t messages_received = 0;
  /// How often this party sent something and then waited for an answer.
  std::uint64_t round_trips = 0;
};

/// A Channel over a stream socket, that counts.
class SocketChannel final : public Channel {
 public:
  explicit SocketChannel(service::Descriptor socket, std::size_t most = kMostMessageBytes)
      : socket_(std::move(socket)), most_(most) {}

  /// As write_frame() and read_frame().
  /// @{
  void send(ByteView message) override;
  [[nodiscard]] Bytes receive() override;
  /// @}

  /// What passed since this was asked last.
  [[nodiscard]] Traffic take_traffic();

 private:
  service::Descriptor socket_;
  std::size_t most_;
  Traffic traffic_;
  bool has_asked_ = false;
};

}  // namespace blindbook::bench
