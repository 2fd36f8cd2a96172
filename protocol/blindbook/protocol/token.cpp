#include "blindbook/protocol/token.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <optional>

#include <nlohmann/json.hpp>

#include "blindbook/base/utf8.h"
#include "blindbook/protocol/json_fields.h"
#include "blindbook/protocol/strict_json.h"

namespace blindbook::protocol {
namespace {

constexpr std::string_view kType = "JWT";
constexpr std::size_t kHeaderMembers = 3;
constexpr std::size_t kClaims = 7;
constexpr std::size_t kJtiBytes = 12;
constexpr std::size_t kMaxJtiBytes = 128;

/// The three parts of a compact JWS, still encoded.
struct Parts {
  std::string_view header, claims, signature, signed_text;
};

std::optional<Parts> split(std::string_view token) {
  const std::size_t first = token.find('.');
  const std::size_t second = token.find('.', first == std::string_view::npos ? first : first + 1);
  if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) {
    return std::nullopt;
  }
  return Parts{token.substr(0, first), token.substr(first + 1, second - first - 1), token.substr(second + 1),
               token.substr(0, second)};
}

/// Words we do not know are other services' business.
TokenScope parse_scope(std::string_view text) {
  TokenScope scope;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    scope.evaluate = scope.evaluate || word == "evaluate";
    scope.resolve = scope.resolve || word == "resolve";
    text.remove_prefix(std::min(text.size(), word.size() + 1));
  }
  return scope;
}

std::string encode(const nlohmann::json& object) {
  return to_base64url(bytes_of(object.dump()));
}

bool is_signed(const IssuerKey& key, ByteView text, ByteView signature) {
  static_assert(Ed25519Signature::kSize == Es256Signature::kSize);
  if (signature.size() != Ed25519Signature::kSize) {
    return false;
  }
  const auto bytes = signature.first<Ed25519Signature::kSize>();
  if (const auto* es256 = std::get_if<Es256PublicKey>(&key)) {
    return verify(*es256, text, Es256Signature(bytes));
  }
  return verify(std::get<Ed25519PublicKey>(key), {text}, Ed25519Signature(bytes));
}

}  // namespace

std::string_view algorithm_of(const IssuerKey& key) noexcept {
  return std::holds_alternative<Es256PublicKey>(key) ? "ES256" : "EdDSA";
}

bool is_account(std::string_view text) {
  if (text.empty() || text.size() > kMaxAccountBytes || !is_valid_utf8(text)) {
    return false;
  }
  while (!text.empty()) {
    const CodePoint point = next_code_point(text);
    if (is_control_or_bidi(point.value)) {
      return false;
    }
    text.remove_prefix(point.size);
  }
  return true;
}

const Issuer* TokenVerifier::find(std::string_view kid) const noexcept {
  const auto at =
      std::find_if(issuers_.begin(), issuers_.end(), [&](const Issuer& one) { return one.kid == kid; });
  return at == issuers_.end() ? nullptr : &*at;
}

Result<Access> TokenVerifier::verify(std::string_view token, UnixTime now) const {
  if (token.size() > kMaxTokenBytes) {
    return bad_input("token.size", "the token is longer than 2048 bytes");
  }
  const std::optional<Parts> parts = split(token);
  const std::optional<Bytes> header_bytes = parts ? from_base64url(parts->header) : std::nullopt;
  const std::optional<Bytes> claim_bytes = parts ? from_base64url(parts->claims) : std::nullopt;
  const std::optional<Bytes> signature_bytes = parts ? from_base64url(parts->signature) : std::nullopt;
  if (!header_bytes || !claim_bytes || !signature_bytes) {
    return bad_input("token.encoding", "the token is not three parts of base64url without padding");
  }

  Result<nlohmann::json> header = parse_strict_json(text_of(*header_bytes), kMaxTokenBytes);
  if (!header) {
    return bad_input("token.header", "the token's header is " + header.error().message);
  }
  const EmptiedAtEnd header_emptied(*header);
  JsonFields fields(*header);
  const std::string algorithm = fields.text("alg");
  const std::string kid = fields.text("kid");
  const std::string type = fields.text("typ");
  if (fields.failed() || header->size() != kHeaderMembers || type != kType) {
    return bad_input("token.header", "the token's header is not exactly alg, kid and typ JWT");
  }
  const Issuer* issuer = find(kid);
  if (issuer == nullptr) {
    return bad_input("token.key", "no issuer has the token's key", "add the issuer to config.json");
  }
  if (algorithm != algorithm_of(issuer->key)) {
    return bad_input("token.algorithm", "the token's algorithm is not the one of its key");
  }
  if (!is_signed(issuer->key, bytes_of(parts->signed_text), *signature_bytes)) {
    return bad_input("token.signature", "the token's signature does not verify");
  }
  return check_claims(text_of(*claim_bytes), *issuer, now);
}

Result<Access> TokenVerifier::check_claims(std::string_view text, const Issuer& issuer, UnixTime now) const {
  Result<nlohmann::json> claims = parse_strict_json(text, kMaxTokenBytes);
  if (!claims) {
    return bad_input("token.claims", "the token's claims are " + claims.error().message);
  }
  const EmptiedAtEnd emptied(*claims);
  JsonFields fields(*claims);
  const std::string name = fields.text("iss");
  const std::string account = fields.text("sub");
  const std::string audience = fields.text("aud");
  const std::string id = fields.text("jti");
  const std::string scope_text = fields.text("scope");
  const std::uint64_t issued_at = fields.number("iat");
  const std::uint64_t expires_at = fields.number("exp");
  if (fields.failed() || claims->size() != kClaims || !is_account(account) || id.empty() ||
      id.size() > kMaxJtiBytes) {
    return bad_input("token.claims",
                     "the token's claims are not exactly iss, sub, aud, iat, exp, jti and scope");
  }
  if (name != issuer.name) {
    return bad_input("token.issuer", "the token's key belongs to another issuer");
  }
  if (audience != audience_) {
    return bad_input("token.audience", "the token is for another operator");
  }
  if (expires_at <= issued_at || expires_at - issued_at > kMaxTokenLife) {
    return bad_input("token.lifetime", "the token does not live between 1 second and 24 hours");
  }
  if (issued_at > now.value() && issued_at - now.value() > kTokenClockSkew) {
    return bad_input("token.not-yet-valid", "the token was issued in the future", "set the issuer's clock");
  }
  if (now.value() >= expires_at && now.value() - expires_at >= kTokenClockSkew) {
    return bad_input("token.expired", "the token has expired", "get a new token");
  }
  const TokenScope scope = parse_scope(scope_text);
  if (!scope.evaluate && !scope.resolve) {
    return bad_input("token.scope", "the token's scope names neither evaluate nor resolve");
  }
  return Access{name, account, scope, UnixTime(issued_at)};
}

Result<std::string> mint_token(const Ed25519SecretKey& key, const TokenRequest& request,
                               RandomSource& random) {
  if (!is_account(request.account)) {
    return bad_input("token.account", "an account has 1 to 255 bytes of UTF-8 without control characters");
  }
  if (!is_valid_utf8(request.issuer) || !is_valid_utf8(request.kid) || !is_valid_utf8(request.audience)) {
    return bad_input("token.claims", "issuer, kid and audience of a token are UTF-8");
  }
  if (request.life_seconds == 0 || request.life_seconds > kMaxTokenLife ||
      request.issued_at.value() > std::numeric_limits<std::uint64_t>::max() - request.life_seconds) {
    return bad_input("token.lifetime", "a token lives between 1 second and 24 hours");
  }
  if (!request.scope.evaluate && !request.scope.resolve) {
    return bad_input("token.scope", "a token's scope names evaluate, resolve or both");
  }
  std::array<std::uint8_t, kJtiBytes> id{};
  random.fill(id);
  std::string scope(request.scope.evaluate ? "evaluate" : "");
  if (request.scope.resolve) {
    scope.append(scope.empty() ? "" : " ").append("resolve");
  }
  const nlohmann::json header{{"alg", algorithm_of(key.public_key())}, {"kid", request.kid}, {"typ", kType}};
  const nlohmann::json claims{{"iss", request.issuer},
                              {"sub", request.account},
                              {"aud", request.audience},
                              {"iat", request.issued_at.value()},
                              {"exp", request.issued_at.value() + request.life_seconds},
                              {"jti", to_base64url(id)},
                              {"scope", scope}};
  std::string token = encode(header);
  token.append(".").append(encode(claims));
  const Ed25519Signature signature = key.sign({bytes_of(token)});
  token.append(".").append(to_base64url(signature.view()));
  if (token.size() > kMaxTokenBytes) {
    return bad_input("token.size", "the token would be longer than 2048 bytes");
  }
  return token;
}

std::string kid_of(const Ed25519PublicKey& key) {
  return to_hex(key.view().first<8>());
}

}  // namespace blindbook::protocol
