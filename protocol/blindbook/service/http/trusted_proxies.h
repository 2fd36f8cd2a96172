#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "blindbook/service/http/ip_address.h"

namespace blindbook::service::http {

/// The proxies that are believed when they say for whom they ask. Immutable.
class TrustedProxies {
 public:
  /// Nobody.
  TrustedProxies() = default;
  explicit TrustedProxies(std::vector<IpNetwork> networks) : networks_(std::move(networks)) {}
  /// Addresses and networks as IpNetwork::parse() reads them. Nothing when one of them is neither.
  [[nodiscard]] static std::optional<TrustedProxies> parse(const std::vector<std::string>& networks);

  [[nodiscard]] bool contains(const IpAddress& address) const noexcept;

  /// Who asks, when `peer` sends a request whose fields X-Forwarded-For, joined by commas, say `forwarded`: `peer` itself
  /// unless it is trusted; else the last address of the list that is not a trusted proxy's, since whatever stands before
  /// that one anybody may have written. Where the list is empty, or comes to something that is no address, it is the
  /// trusted proxy that wrote it.
  [[nodiscard]] IpAddress client_of(const IpAddress& peer, std::string_view forwarded) const;

 private:
  std::vector<IpNetwork> networks_;
};

}  // namespace blindbook::service::http
