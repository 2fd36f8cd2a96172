#include "blindbook/protocol/invitation.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "blindbook/protocol/operator_identity.h"

namespace blindbook::protocol {
namespace {

constexpr std::string_view kScheme = "blindbook://";
constexpr std::uint16_t kDefaultPort = 443;

bool is_host(std::string_view host) {
  if (host.starts_with('[') && host.ends_with(']') && host.size() > 2) {
    host = host.substr(1, host.size() - 2);
    return std::ranges::all_of(host, [](char c) {
      return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == ':' || c == '.';
    });
  }
  return !host.empty() && host.size() <= 253 && std::ranges::all_of(host, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '.';
  });
}

std::optional<std::uint16_t> port_from(std::string_view digits) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc() || end != digits.data() + digits.size() || port == 0) {
    return std::nullopt;
  }
  return port;
}

tl::unexpected<Error> syntax_error() {
  return bad_input("invitation.syntax",
                   "not an invitation of the form blindbook://host[:port]/#<operator key>");
}

}  // namespace

std::string encode_invitation(const Invitation& invitation) {
  std::string out = std::string(kScheme) + invitation.host;
  if (invitation.port != kDefaultPort) {
    out += ":" + std::to_string(invitation.port);
  }
  return out + "/#" + to_base64url(invitation.root.view());
}

Result<Invitation> decode_invitation(std::string_view text) {
  const std::size_t slash = text.find("/#", kScheme.size());
  if (!text.starts_with(kScheme) || slash == std::string_view::npos) {
    return syntax_error();
  }
  std::string host(text.substr(kScheme.size(), slash - kScheme.size()));
  std::uint16_t port = kDefaultPort;
  const std::size_t colon = host.rfind(':');
  if (colon != std::string::npos && host.find(']', colon) == std::string::npos) {
    const auto given = port_from(std::string_view(host).substr(colon + 1));
    if (!given) {
      return syntax_error();
    }
    port = *given;
    host.resize(colon);
  }
  std::ranges::transform(host, host.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  const auto root = decode_operator_file(text.substr(slash + 2));
  if (!is_host(host) || !root) {
    return syntax_error();
  }
  return Invitation{.host = std::move(host), .port = port, .root = *root};
}

}  // namespace blindbook::protocol
