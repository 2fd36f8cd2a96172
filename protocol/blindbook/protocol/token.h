#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "blindbook/base/error.h"
#include "blindbook/base/random.h"
#include "blindbook/base/types.h"
#include "blindbook/protocol/ed25519.h"
#include "blindbook/protocol/es256.h"

/// Access tokens: JWS compact serialisation (RFC 7515) with Ed25519 (RFC 8037) or ES256 (RFC 7518), reduced to what cannot
/// be read in two ways. Header exactly {alg, kid, typ}; claims exactly {iss, sub, aud, iat, exp, jti, scope}:
/// docs/spec/token.md.
namespace blindbook::protocol {

inline constexpr std::size_t kMaxTokenBytes = 2'048;
inline constexpr std::uint64_t kMaxTokenLife = 86'400;   ///< exp - iat, seconds
inline constexpr std::uint64_t kDefaultTokenLife = 600;  ///< seconds
inline constexpr std::uint64_t kTokenClockSkew = 60;     ///< seconds an issuer's clock may be off
inline constexpr std::size_t kMaxAccountBytes = 255;

/// A key of an issuer. Its type is the one `alg` of its tokens: a property of the key, never of a token.
using IssuerKey = std::variant<Ed25519PublicKey, Es256PublicKey>;

/// "EdDSA" or "ES256".
[[nodiscard]] std::string_view algorithm_of(const IssuerKey& key) noexcept;

/// Whose tokens are accepted. An issuer with several keys, as while it changes them, is several of these with one name.
struct Issuer {
  std::string name;  ///< `iss`; not empty
  std::string kid;   ///< names the key; unique among the issuers
  IssuerKey key;
  friend bool operator==(const Issuer&, const Issuer&) = default;
};

/// What a token allows.
struct TokenScope {
  bool evaluate = false;
  bool resolve = false;
  friend bool operator==(const TokenScope&, const TokenScope&) = default;
};

/// Who asks, once a token has been verified. Never logged together with sizes.
struct Access {
  std::string issuer;   ///< name of the issuer
  std::string account;  ///< `sub`, 1..255 bytes
  TokenScope scope;     ///< at least one is set
  UnixTime issued_at;   ///< `iat`, by which a token can be revoked
};

/// Whether an account can be called so: 1 to 255 bytes of UTF-8 without control and bidi characters.
[[nodiscard]] bool is_account(std::string_view text);

/// Immutable; may be used from several threads.
class TokenVerifier {
 public:
  /// `audience` is the operator id, in hex.
  TokenVerifier(std::vector<Issuer> issuers, std::string audience)
      : issuers_(std::move(issuers)), audience_(std::move(audience)) {}

  /// Who `token` speaks for at `now`. BadInput otherwise, by the rule that failed: "token.size",
  /// "token.encoding", "token.header", "token.key" (no issuer has that kid), "token.algorithm",
  /// "token.signature", "token.claims", "token.issuer", "token.audience", "token.lifetime",
  /// "token.not-yet-valid", "token.expired", "token.scope".
  [[nodiscard]] Result<Access> verify(std::string_view token, UnixTime now) const;

 private:
  [[nodiscard]] const Issuer* find(std::string_view kid) const noexcept;
  [[nodiscard]] Result<Access> check_claims(std::string_view claims, const Issuer& issuer,
                                            UnixTime now) const;

  std::vector<Issuer> issuers_;
  std::string audience_;
};

/// What a new token shall say.
struct TokenRequest {
  std::string issuer;
  std::string kid;
  std::string audience;  ///< operator id, in hex
  std::string account;   ///< `sub`: 1..255 bytes of UTF-8 without control or bidi characters
  TokenScope scope{.evaluate = true};
  UnixTime issued_at;
  std::uint64_t life_seconds = kDefaultTokenLife;
};

/// A token signed by `key`, which TokenVerifier accepts. `random` draws its `jti`. BadInput "token.account",
/// "token.lifetime" (0 or more than kMaxTokenLife), "token.scope" (none), "token.size".
[[nodiscard]] Result<std::string> mint_token(const Ed25519SecretKey& key, const TokenRequest& request,
                                             RandomSource& random);

/// The kid of a key that `init` makes: the first 8 bytes of the public key, in hex.
[[nodiscard]] std::string kid_of(const Ed25519PublicKey& key);

}  // namespace blindbook::protocol
