// What people type and paste: invitations, operator keys, URLs, addresses to listen on, and the encodings in
// them.
#include "blindbook/protocol/invitation.h"

#include "blindbook/base/identifier.h"
#include "blindbook/protocol/operator_identity.h"
#include "blindbook/service/http/endpoint.h"

#include "tests/fuzz/fuzz.h"

namespace blindbook::fuzz {
namespace {

void check_encodings(std::string_view text) {
  if (const auto bytes = from_hex(text)) {
    require(to_hex(*bytes) == text, "bytes have one hex");
  }
  if (const auto bytes = from_base64url(text)) {
    require(to_base64url(*bytes) == text, "bytes have one base64url");
  }
  const ByteView bytes = bytes_of(text);
  require(from_hex(to_hex(bytes)) == Bytes(bytes.begin(), bytes.end()), "bytes survive hex");
  require(from_base64url(to_base64url(bytes)) == Bytes(bytes.begin(), bytes.end()),
          "bytes survive base64url");
}

void check_identifier(std::string_view text) {
  for (const auto& identifier : {Identifier::parse(text), Identifier::from_e164(text)}) {
    if (!identifier) {
      require_refusal(identifier.error(), Fault::kBadInput, {"identifier.syntax"});
      continue;
    }
    require(Identifier::parse(identifier->text()) == *identifier, "an identifier is one by its text");
    require(Identifier::from_e164(identifier->e164()) == *identifier, "an identifier is one by its number");
  }
}

void check_operator_key(std::string_view text) {
  const auto key = protocol::decode_operator_file(text);
  if (!key) {
    require_refusal(key.error(), Fault::kBadInput, {"operator.key"});
    return;
  }
  require(protocol::decode_operator_file(protocol::encode_operator_file(*key)) == *key,
          "an operator key survives being written");
}

void check_invitation(std::string_view text) {
  const auto invitation = protocol::decode_invitation(text);
  if (!invitation) {
    require_refusal(invitation.error(), Fault::kBadInput, {"invitation.syntax"});
    return;
  }
  require(protocol::decode_invitation(protocol::encode_invitation(*invitation)) == *invitation,
          "an invitation survives being written");
}

void check_addresses(std::string_view text) {
  using namespace service::http;
  if (const auto endpoint = parse_url(text); !endpoint) {
    require_refusal(endpoint.error(), Fault::kBadInput, {"http.url"});
  } else {
    require(endpoint->port != 0 && !endpoint->host.empty(), "a URL has a host and a port");
    require(endpoint->host.find('\0') == std::string::npos, "a host has no zero byte");
    require(parse_url(endpoint->url()) == *endpoint, "a URL survives being written");
    require(!(is_loopback(endpoint->host) && is_wildcard(endpoint->host)),
            "this machine is not every interface");
  }
  if (const auto address = parse_listen_address(text, "127.0.0.1"); !address) {
    require_refusal(address.error(), Fault::kBadInput, {"http.listen-address"});
  } else {
    const Endpoint endpoint{.tls = true, .host = address->host, .port = address->port};
    const auto again = parse_listen_address(endpoint.authority(), "127.0.0.1");
    require(again && again->host == address->host && again->port == address->port,
            "an address to listen on survives being written");
  }
}

}  // namespace

void run(ByteView input) {
  const std::string_view text = text_of(input);
  check_encodings(text);
  check_identifier(text);
  check_operator_key(text);
  check_invitation(text);
  check_addresses(text);
}

}  // namespace blindbook::fuzz
