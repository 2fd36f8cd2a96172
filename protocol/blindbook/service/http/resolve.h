#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <sys/socket.h>

#include "blindbook/base/error.h"

namespace blindbook::service::http {

/// A socket address as the system knows it, IPv4 or IPv6.
struct SocketAddress {
  sockaddr_storage storage;
  socklen_t size;
};

/// The stream-socket addresses of `host` (a name, or an address in text without brackets), in the system's
/// order, at least one. Gives up after `timeout`, which the system's own resolver cannot be told; its thread
/// is then left to end by itself. Unavailable "http.resolve".
[[nodiscard]] Result<std::vector<SocketAddress>> resolve(const std::string& host, std::uint16_t port,
                                                         std::chrono::milliseconds timeout);

}  // namespace blindbook::service::http
