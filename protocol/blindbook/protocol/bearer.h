#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "blindbook/base/error.h"
#include "blindbook/base/types.h"

namespace blindbook::protocol {

/// What a client reads in its own token: whose account will be charged, and what else the token tells.
/// Nothing is verified, since nothing here is decided by it but whether a suspended request belongs to the
/// same account.
struct BearerClaims {
  std::string issuer;
  std::string account;
  std::string audience;  ///< empty when absent, as are all below
  std::string scope;
  std::string id;
  std::optional<UnixTime> issued_at;
  std::optional<UnixTime> expires_at;
};

/// BadInput "token.encoding" when `token` is not a JWS with the claims iss and sub.
[[nodiscard]] Result<BearerClaims> read_bearer(std::string_view token);

}  // namespace blindbook::protocol
