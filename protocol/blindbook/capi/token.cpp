#include "blindbook/protocol/token.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "blindbook/base/random.h"
#include "blindbook/capi/boundary.h"

// Access tokens behind the C ABI.

using namespace blindbook;
using capi::any_null;
using capi::copy_out;
using capi::guarded;
using capi::is_time;
using capi::report;
using capi::report_no_time;
using capi::report_null;

struct bb_tokens {
  std::string audience;
  std::vector<protocol::Issuer> issuers;
  protocol::TokenVerifier verifier;
};

namespace {

protocol::Ed25519SecretKey key_of(const uint8_t* seed) {
  return protocol::Ed25519SecretKey(Secret<BB_KEY_BYTES>(ByteView(seed, BB_KEY_BYTES).first<BB_KEY_BYTES>()));
}

}  // namespace

bb_status bb_token_mint(const uint8_t* key, const bb_token_request* request, char* out, size_t* size,
                        bb_error* error) {
  if (any_null(key, request) ||
      any_null(request->issuer, request->kid, request->audience, request->account)) {
    return report_null(error);
  }
  if (!is_time(request->issued_at)) {
    return report_no_time(error);
  }
  return guarded(error, [&] {
    SystemRandom random;
    const auto token = protocol::mint_token(key_of(key),
                                            {.issuer = request->issuer,
                                             .kid = request->kid,
                                             .audience = request->audience,
                                             .account = request->account,
                                             .issued_at = UnixTime(request->issued_at),
                                             .life_seconds = request->life},
                                            random);
    return token ? copy_out(std::string_view(*token), out, size, error) : report(token.error(), error);
  });
}

bb_status bb_token_public_key(const uint8_t* key, uint8_t* public_key, bb_error* error) {
  if (any_null(key, public_key)) {
    return report_null(error);
  }
  return guarded(error, [&] {
    const protocol::Ed25519PublicKey out = key_of(key).public_key();
    std::copy(out.view().begin(), out.view().end(), public_key);
    return BB_OK;
  });
}

bb_status bb_tokens_new(const char* audience, bb_tokens** tokens, bb_error* error) {
  if (any_null(audience, tokens)) {
    return report_null(error);
  }
  return guarded(error, [&] {
    *tokens =
        std::make_unique<bb_tokens>(bb_tokens{audience, {}, protocol::TokenVerifier({}, audience)}).release();
    return BB_OK;
  });
}

void bb_tokens_free(bb_tokens* tokens) {
  delete tokens;
}

bb_status bb_tokens_add_issuer(bb_tokens* tokens, const char* name, const char* kid,
                               const uint8_t* public_key, bb_error* error) {
  if (any_null(tokens, name, kid, public_key)) {
    return report_null(error);
  }
  return guarded(error, [&] {
    if (std::any_of(tokens->issuers.begin(), tokens->issuers.end(),
                    [&](const protocol::Issuer& issuer) { return issuer.kid == kid; })) {
      return report(api_misuse("capi.kid", "another issuer has this kid").value(), error);
    }
    std::vector<protocol::Issuer> issuers = tokens->issuers;
    issuers.push_back({name, kid,
                       protocol::Ed25519PublicKey(ByteView(public_key, protocol::Ed25519PublicKey::kSize)
                                                      .first<protocol::Ed25519PublicKey::kSize>())});
    tokens->verifier = protocol::TokenVerifier(issuers, tokens->audience);
    tokens->issuers = std::move(issuers);
    return BB_OK;
  });
}

bb_status bb_tokens_check(const bb_tokens* tokens, const char* token, uint64_t now, char* issuer,
                          size_t* issuer_size, char* account, size_t* account_size, bb_error* error) {
  if (any_null(tokens, token, issuer_size, account_size)) {
    return report_null(error);
  }
  if (!is_time(now)) {
    return report_no_time(error);
  }
  return guarded(error, [&] {
    const auto access = tokens->verifier.verify(token, UnixTime(now));
    if (!access && access.error().rule == "token.key") {
      return report(
          bad_input("token.key", "no issuer has the token's key", "add it with bb_tokens_add_issuer()")
              .value(),
          error);
    }
    if (!access) {
      return report(access.error(), error);
    }
    if (!access->scope.evaluate) {
      return report(bad_input("token.scope", "the token is not for evaluation").value(), error);
    }
    return copy_out({access->issuer, issuer, issuer_size}, {access->account, account, account_size}, error);
  });
}
