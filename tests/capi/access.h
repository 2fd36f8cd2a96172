#pragma once

#include <string>

#include "blindbook/protocol/invitation.h"
#include "blindbook/protocol/operator_identity.h"
#include "blindbook/protocol/token.h"

#include "tests/protocol/in_memory_operator.h"

/// What a client of an operator without a socket starts with.
namespace blindbook::test_support {

inline std::string invitation_to(const InMemoryOperator& city) {
  return protocol::encode_invitation({.host = "city.example", .port = 443, .root = city.root_key()});
}

/// An access token of the account "anna", of an issuer that nobody else knows.
inline std::string token_for_anna(InMemoryOperator& city) {
  return protocol::mint_token(protocol::Ed25519SecretKey::generate(city.random()),
                              {.issuer = "city",
                               .kid = "k1",
                               .audience = protocol::fingerprint_of(city.root_key()).hex(),
                               .account = "anna",
                               .issued_at = kNow},
                              city.random())
      .value();
}

}  // namespace blindbook::test_support
