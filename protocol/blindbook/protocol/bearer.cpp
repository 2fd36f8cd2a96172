#include "blindbook/protocol/bearer.h"

#include <nlohmann/json.hpp>

#include "blindbook/protocol/json_fields.h"
#include "blindbook/protocol/strict_json.h"
#include "blindbook/protocol/token.h"

namespace blindbook::protocol {
namespace {

std::string text_if_there(const nlohmann::json& claims, const char* name) {
  return JsonFields(claims).text(name);
}

std::optional<UnixTime> time_if_there(const nlohmann::json& claims, const char* name) {
  JsonFields in(claims);
  const std::uint64_t seconds = in.number(name);
  return in.failed() ? std::nullopt : std::optional(UnixTime(seconds));
}

}  // namespace

Result<BearerClaims> read_bearer(std::string_view token) {
  const auto not_a_token = [] {
    return bad_input("token.encoding", "the access token is not a token", "ask for a new token");
  };
  // Three parts of base64url and nothing else: the token goes into a header as it is.
  const std::size_t first = token.find('.');
  const std::size_t second = first == std::string_view::npos ? first : token.find('.', first + 1);
  if (token.size() > kMaxTokenBytes || second == std::string_view::npos) {
    return not_a_token();
  }
  const auto header = from_base64url(token.substr(0, first));
  const auto payload = from_base64url(token.substr(first + 1, second - first - 1));
  const auto signature = from_base64url(token.substr(second + 1));
  if (!header || !payload || !signature) {
    return not_a_token();
  }
  auto claims = parse_strict_json(text_of(*payload), kMaxTokenBytes);
  if (!claims) {
    return not_a_token();
  }
  const EmptiedAtEnd emptied(*claims);
  JsonFields in(*claims);
  BearerClaims out{.issuer = in.text("iss"), .account = in.text("sub")};
  if (in.failed()) {
    return not_a_token();
  }
  // What only the disclosure report tells may be missing: whether the token is good is the service's to say.
  out.audience = text_if_there(*claims, "aud");
  out.scope = text_if_there(*claims, "scope");
  out.id = text_if_there(*claims, "jti");
  out.issued_at = time_if_there(*claims, "iat");
  out.expires_at = time_if_there(*claims, "exp");
  return out;
}

}  // namespace blindbook::protocol
