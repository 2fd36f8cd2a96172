#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "blindbook/base/error.h"
#include "blindbook/protocol/ed25519.h"

/// What an operator prints on a web page or a QR code: `blindbook://host[:port]/#<root key, base64url>`. It
/// carries the one thing a client must not learn from the service itself, the key to trust.
namespace blindbook::protocol {

struct Invitation {
  std::string host;          ///< name, IPv4, or IPv6 in brackets; lower case
  std::uint16_t port = 443;  ///< always https
  Ed25519PublicKey root;
  friend bool operator==(const Invitation&, const Invitation&) = default;
};

/// The port is left out where it is 443.
[[nodiscard]] std::string encode_invitation(const Invitation& invitation);

/// BadInput "invitation.syntax".
[[nodiscard]] Result<Invitation> decode_invitation(std::string_view text);

}  // namespace blindbook::protocol
