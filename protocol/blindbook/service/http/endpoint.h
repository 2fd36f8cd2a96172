#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "blindbook/base/error.h"

namespace blindbook::service::http {

/// Where a service listens: scheme, host and port of an http or https URL.
struct Endpoint {
  bool tls = true;
  std::string host;  ///< name or address; an IPv6 address without brackets
  std::uint16_t port = 443;

  /// "host:port", with brackets around an IPv6 address.
  [[nodiscard]] std::string authority() const;
  /// "https://host", with the port only when it is not the scheme's own.
  [[nodiscard]] std::string url() const;

  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

/// From "https://host[:port][/]" or "http://..". BadInput "http.url" on another scheme, user information, a
/// path, query or fragment, an empty or malformed host, or a port outside 1..65535.
[[nodiscard]] Result<Endpoint> parse_url(std::string_view url);

struct ListenAddress {
  std::string host;
  std::uint16_t port = 0;
};

/// From "HOST:PORT", "[v6]:PORT" or "PORT" alone, which means `default_host`. Port 0 picks a free one.
/// BadInput "http.listen-address" otherwise.
[[nodiscard]] Result<ListenAddress> parse_listen_address(std::string_view text,
                                                         std::string_view default_host);

/// True when `host` can only mean this machine: "localhost", 127.0.0.0/8 in dotted decimal, or ::1 (with or
/// without brackets). Plain HTTP is for such hosts.
[[nodiscard]] bool is_loopback(std::string_view host);

/// True for the addresses that mean every interface: 0.0.0.0 and ::.
[[nodiscard]] bool is_wildcard(std::string_view host);

}  // namespace blindbook::service::http
