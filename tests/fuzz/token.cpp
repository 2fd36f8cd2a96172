// Access tokens. Input: a header, a line end, claims; the target encodes and signs them, so that what stands
// behind the check of the signature is reached. The input is also tried as a token as it is.
#include "blindbook/protocol/token.h"

#include <nlohmann/json.hpp>

#include "blindbook/protocol/bearer.h"

#include "tests/fuzz/fuzz.h"
#include "tests/support/deterministic_random.h"

namespace blindbook::fuzz {
namespace {

using namespace protocol;

constexpr UnixTime kNow(1'800'000'000);
constexpr std::string_view kAudience = "000102030405060708090a0b0c0d0e0f";

const protocol::Ed25519SecretKey& issuer_key() {
  static const protocol::Ed25519SecretKey key = [] {
    test_support::DeterministicRandom random(1);
    return protocol::Ed25519SecretKey::generate(random);
  }();
  return key;
}

std::string signed_token(std::string_view header, std::string_view claims) {
  std::string token = to_base64url(bytes_of(header)) + "." + to_base64url(bytes_of(claims));
  const protocol::Ed25519Signature signature = issuer_key().sign({bytes_of(token)});
  return token.append(".").append(to_base64url(signature.view()));
}

/// The claims once more, by their meaning.
void check_claims(const Access& access, std::string_view text) {
  const nlohmann::json claims = nlohmann::json::parse(text);
  require(claims.size() == 7, "there are no other claims");
  require(claims.at("iss") == "blindbook" && access.issuer == "blindbook",
          "the issuer is the one of the key");
  require(claims.at("aud") == kAudience, "the token is for this operator");
  require(claims.at("sub") == access.account && !access.account.empty() &&
              access.account.size() <= kMaxAccountBytes,
          "the account is the token's");
  const std::uint64_t issued = claims.at("iat");
  const std::uint64_t expires = claims.at("exp");
  require(expires > issued && expires - issued <= kMaxTokenLife, "a token lives at most a day");
  require(issued <= kNow.value() + kTokenClockSkew && kNow.value() < expires + kTokenClockSkew,
          "a token is used while it lives");
  require(access.scope.evaluate || access.scope.resolve, "a token allows something");
}

}  // namespace

void run(ByteView input) {
  static const TokenVerifier verifier({{.name = "blindbook", .kid = "k", .key = issuer_key().public_key()}},
                                      std::string(kAudience));
  const auto forged = verifier.verify(text_of(input), kNow);
  require(!forged, "no token is accepted that the issuer has not signed");
  require_refusal(
      forged.error(), Fault::kBadInput,
      {"token.size", "token.encoding", "token.header", "token.key", "token.algorithm", "token.signature"});

  std::string_view rest = text_of(input);
  const std::string_view header = take_until(rest, '\n');
  const std::string token = signed_token(header, rest);
  const auto access = verifier.verify(token, kNow);
  const auto bearer = read_bearer(token);
  if (!bearer) {
    require_refusal(bearer.error(), Fault::kBadInput, {"token.encoding"});
  }
  if (!access) {
    require_refusal(
        access.error(), Fault::kBadInput,
        {"token.size", "token.header", "token.key", "token.algorithm", "token.claims", "token.issuer",
         "token.audience", "token.lifetime", "token.not-yet-valid", "token.expired", "token.scope"});
    return;
  }
  check_claims(*access, rest);
  require(bearer && bearer->issuer == access->issuer && bearer->account == access->account,
          "client and service read the same account");
}

}  // namespace blindbook::fuzz
