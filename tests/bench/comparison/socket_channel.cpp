#include "tests/bench/comparison/socket_channel.h"

#include <utility>

#include "tests/bench/comparison/frames.h"

namespace blindbook::bench {

void SocketChannel::send(ByteView message) {
  write_frame(socket_.get(), message, most_);
  traffic_.bytes_sent += kFrameHeaderBytes + message.size();
  ++traffic_.messages_sent;
  has_asked_ = true;
}

Bytes SocketChannel::receive() {
  Bytes message = read_frame(socket_.get(), most_);
  traffic_.bytes_received += kFrameHeaderBytes + message.size();
  ++traffic_.messages_received;
  traffic_.round_trips += has_asked_ ? 1 : 0;
  has_asked_ = false;
  return message;
}

Traffic SocketChannel::take_traffic() {
  has_asked_ = false;
  return std::exchange(traffic_, {});
}

}  // namespace blindbook::bench
