#include "blindbook/service/http/trusted_proxies.h"

#include <algorithm>

namespace blindbook::service::http {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t";
  text.remove_prefix(std::min(text.find_first_not_of(kSpace), text.size()));
  return text.substr(0, text.find_last_not_of(kSpace) + 1);
}

/// One element of X-Forwarded-For: an address, with a port where a proxy adds it, then in brackets if it is one of IPv6.
std::optional<IpAddress> parse_element(std::string_view text) {
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    return end == std::string_view::npos ? std::nullopt : IpAddress::parse(text.substr(1, end - 1));
  }
  if (std::count(text.begin(), text.end(), ':') == 1) {
    text = text.substr(0, text.find(':'));
  }
  return IpAddress::parse(text);
}

}  // namespace

std::optional<TrustedProxies> TrustedProxies::parse(const std::vector<std::string>& networks) {
  std::vector<IpNetwork> out;
  for (const std::string& text : networks) {
    const std::optional<IpNetwork> network = IpNetwork::parse(text);
    if (!network) {
      return std::nullopt;
    }
    out.push_back(*network);
  }
  return TrustedProxies(std::move(out));
}

bool TrustedProxies::contains(const IpAddress& address) const noexcept {
  return std::any_of(networks_.begin(), networks_.end(),
                     [&](const IpNetwork& network) { return network.contains(address); });
}

IpAddress TrustedProxies::client_of(const IpAddress& peer, std::string_view forwarded) const {
  IpAddress client = peer;
  while (contains(client) && !forwarded.empty()) {
    const std::size_t comma = forwarded.rfind(',');
    const std::size_t begin = comma == std::string_view::npos ? 0 : comma + 1;
    const std::optional<IpAddress> said = parse_element(trimmed(forwarded.substr(begin)));
    if (!said) {
      break;
    }
    client = *said;
    forwarded = forwarded.substr(0, comma == std::string_view::npos ? 0 : comma);
  }
  return client;
}

}  // namespace blindbook::service::http
