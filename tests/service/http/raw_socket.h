#pragma once

#include <array>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace blindbook::test_support {

/// A plain TCP connection to this machine that says exactly what a test wants, well-formed or not.
class RawSocket {
 public:
  explicit RawSocket(std::uint16_t port) : descriptor_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      throw std::runtime_error("cannot connect");
    }
  }
  RawSocket(RawSocket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  RawSocket& operator=(RawSocket&&) = delete;
  ~RawSocket() {
    if (descriptor_ >= 0) {
      close(descriptor_);
    }
  }

  /// The other end of a connection that was accepted.
  static RawSocket adopt(int descriptor) { return RawSocket(Adopted{}, descriptor); }

  /// False when the other side does not take it any more.
  bool send(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t size = ::send(descriptor_, text.data(), text.size(), MSG_NOSIGNAL);
      if (size <= 0) {
        return false;
      }
      text.remove_prefix(static_cast<std::size_t>(size));
    }
    return true;
  }

  /// Nothing more will be sent; reading goes on.
  void half_close() const { shutdown(descriptor_, SHUT_WR); }

  /// Everything until the other side closes.
  [[nodiscard]] std::string read_to_end() const {
    std::string out;
    std::array<char, 4096> chunk{};
    for (ssize_t size = 0; (size = recv(descriptor_, chunk.data(), chunk.size(), 0)) > 0;) {
      out.append(chunk.data(), static_cast<std::size_t>(size));
    }
    return out;
  }

  /// Until `mark` has arrived, or the other side closes.
  [[nodiscard]] std::string read_until(std::string_view mark) const {
    std::string out;
    char one = 0;
    while (!out.ends_with(mark) && recv(descriptor_, &one, 1, 0) == 1) {
      out.push_back(one);
    }
    return out;
  }

  /// Passes on what each of two says to the other, until one of them ends.
  static void pass_on(const RawSocket& one, const RawSocket& other) {
    std::array<pollfd, 2> ends{pollfd{one.descriptor_, POLLIN, 0}, pollfd{other.descriptor_, POLLIN, 0}};
    std::array<char, 4096> chunk{};
    while (poll(ends.data(), ends.size(), -1) > 0) {
      for (std::size_t i = 0; i < ends.size(); ++i) {
        if (ends.at(i).revents == 0) {
          continue;
        }
        const ssize_t size = recv(ends.at(i).fd, chunk.data(), chunk.size(), 0);
        if (size <= 0 || !(i == 0 ? other : one).send({chunk.data(), static_cast<std::size_t>(size)})) {
          return;
        }
      }
    }
  }

 private:
  struct Adopted {};
  RawSocket(Adopted /*tag*/, int descriptor) : descriptor_(descriptor) {}

  int descriptor_;
};

/// A listening socket that takes connections and says what a test wants.
class RawListener {
 public:
  RawListener() : descriptor_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
        listen(descriptor_, 8) != 0 ||
        getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
      throw std::runtime_error("cannot listen");
    }
    port_ = ntohs(address.sin_port);
  }
  RawListener(const RawListener&) = delete;
  RawListener& operator=(const RawListener&) = delete;
  ~RawListener() { close(descriptor_); }

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

  /// Takes one connection.
  [[nodiscard]] RawSocket take() const { return RawSocket::adopt(accept(descriptor_, nullptr, nullptr)); }

  /// Takes one connection and reads a request's head.
  [[nodiscard]] RawSocket take_request() const {
    RawSocket peer = take();
    static_cast<void>(peer.read_until("\r\n\r\n"));
    return peer;
  }

  /// Takes one connection, reads a request's head, answers with `text` and closes.
  void answer_once(std::string_view text) const {
    const RawSocket peer = take_request();
    if (!peer.send(text)) {
      throw std::runtime_error("cannot answer");
    }
  }

 private:
  int descriptor_;
  std::uint16_t port_ = 0;
};

}  // namespace blindbook::test_support
