#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace blindbook::hostile {

/// A TLS connection to this machine that believes any certificate, says what it is told, and reads no more than that.
class TlsSocket {
 public:
  TlsSocket(SSL_CTX* context, std::uint16_t port, int receive_buffer = 0)
      : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), ssl_(SSL_new(context), SSL_free) {
    if (receive_buffer > 0) {
      ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        SSL_set_fd(ssl_.get(), descriptor_) != 1 || SSL_connect(ssl_.get()) != 1) {
      ::close(descriptor_);
      throw std::runtime_error("a connection was refused");
    }
  }
  TlsSocket(const TlsSocket&) = delete;
  TlsSocket& operator=(const TlsSocket&) = delete;
  ~TlsSocket() { ::close(descriptor_); }

  void send(std::string_view text) const {
    if (SSL_write(ssl_.get(), text.data(), static_cast<int>(text.size())) != static_cast<int>(text.size())) {
      throw std::runtime_error("a connection was cut off");
    }
  }
  /// True unless the other side has closed it.
  [[nodiscard]] bool is_open() const {
    char byte = 0;
    const ssize_t size = ::recv(descriptor_, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return size != 0 && (size > 0 || errno == EAGAIN);
  }

 private:
  int descriptor_;
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
};

}  // namespace blindbook::hostile
