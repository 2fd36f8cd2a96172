#include "blindbook/service/http/endpoint.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include <arpa/inet.h>
#include <netinet/in.h>

namespace blindbook::service::http {
namespace {

std::string_view without_brackets(std::string_view host) {
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']') {
    return host.substr(1, host.size() - 2);
  }
  return host;
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) {
    return std::nullopt;
  }
  return port;
}

/// An address in the usual notation of its family. inet_pton() would take a zero byte for the end of the
/// text.
template <class Address>
std::optional<Address> parse_address(int family, std::string_view text) {
  Address address{};
  if (text.find('\0') != std::string_view::npos ||
      inet_pton(family, std::string(text).c_str(), &address) != 1) {
    return std::nullopt;
  }
  return address;
}
std::optional<in_addr> parse_ipv4(std::string_view text) {
  return parse_address<in_addr>(AF_INET, text);
}
std::optional<in6_addr> parse_ipv6(std::string_view text) {
  return parse_address<in6_addr>(AF_INET6, text);
}

/// Letters, digits, '-', '.' and '_' (seen in private zones): what a name or an IPv4 address is made of.
bool is_host_name(std::string_view host) {
  return !host.empty() && host.size() <= 253 && host.front() != '.' && host.front() != '-' &&
         std::all_of(host.begin(), host.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                  c == '.' || c == '_';
         });
}

struct HostPort {
  std::string host;
  std::optional<std::uint16_t> port;
};

std::optional<HostPort> split_host_port(std::string_view text) {
  std::string_view host = text;
  std::optional<std::uint16_t> port;
  const std::size_t colon = text.rfind(':');
  const std::size_t bracket = text.rfind(']');
  if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) {
    host = text.substr(0, colon);
    port = parse_port(text.substr(colon + 1));
    if (!port) {
      return std::nullopt;
    }
  }
  const bool bracketed = host != without_brackets(host);
  host = without_brackets(host);
  if (bracketed ? !parse_ipv6(host) : !is_host_name(host)) {
    return std::nullopt;
  }
  return HostPort{std::string(host), port};
}

}  // namespace

std::string Endpoint::authority() const {
  const bool brackets = host.find(':') != std::string::npos;
  return (brackets ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::string Endpoint::url() const {
  std::string out = (tls ? "https://" : "http://") + authority();
  const std::string_view usual = tls ? ":443" : ":80";
  if (out.ends_with(usual)) {
    out.resize(out.size() - usual.size());
  }
  return out;
}

Result<Endpoint> parse_url(std::string_view url) {
  Endpoint out;
  std::string_view rest = url;
  if (rest.starts_with("https://")) {
    rest.remove_prefix(8);
  } else if (rest.starts_with("http://")) {
    rest.remove_prefix(7);
    out.tls = false;
    out.port = 80;
  } else {
    return bad_input("http.url", "a service's URL begins with https:// or http://",
                     "for example https://city.example");
  }
  if (rest.ends_with('/')) {
    rest.remove_suffix(1);
  }
  std::optional<HostPort> parts = split_host_port(rest);
  if (!parts || parts->port == 0) {
    return bad_input("http.url", "a service's URL is a scheme, a host and perhaps a port, and nothing else",
                     "for example https://city.example:8443");
  }
  out.host = std::move(parts->host);
  out.port = parts->port.value_or(out.port);
  return out;
}

Result<ListenAddress> parse_listen_address(std::string_view text, std::string_view default_host) {
  if (const std::optional<std::uint16_t> port = parse_port(text)) {
    return ListenAddress{std::string(default_host), *port};
  }
  std::optional<HostPort> parts = split_host_port(text);
  if (!parts || !parts->port) {
    return bad_input("http.listen-address", "an address to listen on is [HOST:]PORT",
                     "for example 8080, 127.0.0.1:8080 or [::1]:8080");
  }
  return ListenAddress{std::move(parts->host), *parts->port};
}

bool is_loopback(std::string_view host) {
  const std::string_view text = without_brackets(host);
  if (const auto v4 = parse_ipv4(text)) {
    return (ntohl(v4->s_addr) >> 24) == 127;
  }
  if (const auto v6 = parse_ipv6(text)) {
    return IN6_IS_ADDR_LOOPBACK(&*v6);
  }
  return text == "localhost";
}

bool is_wildcard(std::string_view host) {
  const std::string_view text = without_brackets(host);
  if (const auto v4 = parse_ipv4(text)) {
    return v4->s_addr == htonl(INADDR_ANY);
  }
  const auto v6 = parse_ipv6(text);
  return v6 && IN6_IS_ADDR_UNSPECIFIED(&*v6);
}

}  // namespace blindbook::service::http
