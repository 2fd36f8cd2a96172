#pragma once

#include <cstddef>
#include <optional>

#include "blindbook/base/bytes.h"
#include "blindbook/service/http/ip_address.h"

/// What a proxy sends before the first byte of a connection that it passes on: the PROXY protocol, version 2, of HAProxy
/// (https://www.haproxy.org/download/2.6/doc/proxy-protocol.txt, section 2.2).
namespace blindbook::service::http {

/// Signature, version, command, family, length of the rest.
inline constexpr std::size_t kProxyPrefixBytes = 16;
/// Of the rest, in which a proxy may tell more than addresses. The specification lets a receiver set a limit.
inline constexpr std::size_t kMaxProxyRestBytes = 2'048;

struct ProxyHeader {
  /// Whom the proxy speaks for. Nothing: for itself, as when it looks whether the service lives, or the address is none of
  /// IP.
  std::optional<IpAddress> source;
};

/// How many bytes follow the prefix; nothing when these are not kProxyPrefixBytes that begin such a header, or when more
/// than kMaxProxyRestBytes would follow.
[[nodiscard]] std::optional<std::size_t> proxy_rest_bytes(ByteView prefix);

/// The header out of all its bytes. Nothing when its length does not fit its family.
[[nodiscard]] std::optional<ProxyHeader> parse_proxy_header(ByteView prefix, ByteView rest);

}  // namespace blindbook::service::http
