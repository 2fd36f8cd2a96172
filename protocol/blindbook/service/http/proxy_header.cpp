#include "blindbook/service/http/proxy_header.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace blindbook::service::http {
namespace {

constexpr std::array<std::uint8_t, 12> kSignature{0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d,
                                                  0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a};
constexpr std::size_t kCommandAt = 12;
constexpr std::size_t kFamilyAt = 13;
constexpr std::size_t kLengthAt = 14;

constexpr std::uint8_t kLocal = 0x20;  // version 2, the proxy for itself
constexpr std::uint8_t kProxy = 0x21;  // version 2, for a client
constexpr std::uint8_t kTcpOverV4 = 0x11;
constexpr std::uint8_t kTcpOverV6 = 0x21;

// Source and destination, and a port of each.
constexpr std::size_t kV4Rest = 2 * (IpAddress::kV4Bytes + 2);
constexpr std::size_t kV6Rest = 2 * (IpAddress::kV6Bytes + 2);

}  // namespace

std::optional<std::size_t> proxy_rest_bytes(ByteView prefix) {
  if (prefix.size() != kProxyPrefixBytes ||
      !std::equal(kSignature.begin(), kSignature.end(), prefix.begin()) ||
      (prefix[kCommandAt] != kLocal && prefix[kCommandAt] != kProxy)) {
    return std::nullopt;
  }
  const std::size_t rest = (std::size_t{prefix[kLengthAt]} << 8U) | prefix[kLengthAt + 1];
  return rest <= kMaxProxyRestBytes ? std::optional(rest) : std::nullopt;
}

std::optional<ProxyHeader> parse_proxy_header(ByteView prefix, ByteView rest) {
  if (proxy_rest_bytes(prefix) != rest.size()) {
    return std::nullopt;
  }
  ProxyHeader out;
  if (prefix[kCommandAt] == kLocal) {
    return out;  // whatever else it says is to be ignored
  }
  if (prefix[kFamilyAt] == kTcpOverV4) {
    if (rest.size() < kV4Rest) {
      return std::nullopt;
    }
    out.source = IpAddress::from_v4(rest.first<IpAddress::kV4Bytes>());
  } else if (prefix[kFamilyAt] == kTcpOverV6) {
    if (rest.size() < kV6Rest) {
      return std::nullopt;
    }
    out.source = IpAddress::from_v6(rest.first<IpAddress::kV6Bytes>());
  }
  return out;
}

}  // namespace blindbook::service::http
