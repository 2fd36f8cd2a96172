#include "blindbook/protocol/token.h"

#include <limits>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/support/deterministic_random.h"
#include "tests/support/vectors.h"

namespace blindbook::protocol {
namespace {

using nlohmann::json;
using test_support::DeterministicRandom;

constexpr UnixTime kNow{1'800'000'000};
constexpr std::string_view kAudience = "00112233445566778899aabbccddeeff";

struct Fixture {
  DeterministicRandom random{1};
  protocol::Ed25519SecretKey key = protocol::Ed25519SecretKey::generate(random);
  protocol::Ed25519SecretKey other_key = protocol::Ed25519SecretKey::generate(random);
  Issuer issuer{.name = "city", .kid = kid_of(key.public_key()), .key = key.public_key()};
  Issuer other{.name = "county", .kid = kid_of(other_key.public_key()), .key = other_key.public_key()};
  TokenVerifier verifier{{issuer, other}, std::string(kAudience)};
  json header{{"alg", "EdDSA"}, {"kid", issuer.kid}, {"typ", "JWT"}};
  json claims{{"iss", "city"},
              {"sub", "anna"},
              {"aud", kAudience},
              {"iat", kNow.value()},
              {"exp", kNow.value() + 600},
              {"jti", "1"},
              {"scope", "evaluate"}};

  /// A correctly signed token with any header and claims.
  [[nodiscard]] std::string sign(std::string_view header_text, std::string_view claims_text) const {
    const std::string text = to_base64url(bytes_of(header_text)) + "." + to_base64url(bytes_of(claims_text));
    return text + "." + to_base64url(key.sign({bytes_of(text)}).view());
  }
  [[nodiscard]] std::string sign() const { return sign(header.dump(), claims.dump()); }
  [[nodiscard]] TokenRequest request() const {
    return {.issuer = "city",
            .kid = issuer.kid,
            .audience = std::string(kAudience),
            .account = "anna",
            .issued_at = kNow};
  }
  [[nodiscard]] std::string rule_of(std::string_view token, UnixTime now = kNow) const {
    const Result<Access> access = verifier.verify(token, now);
    if (access) {
      return "accepted";
    }
    CHECK(access.error().fault == Fault::kBadInput);
    return std::string(access.error().rule);
  }
  [[nodiscard]] std::string rule() const { return rule_of(sign()); }
};

TEST_CASE("a minted token is accepted and names its account") {
  Fixture fixture;
  const Result<std::string> token = mint_token(fixture.key, fixture.request(), fixture.random);
  REQUIRE(token);
  const Result<Access> access = fixture.verifier.verify(*token, kNow);
  REQUIRE(access);
  CHECK(access->issuer == "city");
  CHECK(access->account == "anna");
  CHECK(access->scope == TokenScope{.evaluate = true, .resolve = false});
}

TEST_CASE("a token made by another program from the written shape is accepted") {
  Fixture fixture;
  CHECK(fixture.rule() == "accepted");
  fixture.claims["scope"] = "profile resolve evaluate";
  const Result<Access> access = fixture.verifier.verify(fixture.sign(), kNow);
  REQUIRE(access);
  CHECK(access->scope == TokenScope{.evaluate = true, .resolve = true});
}

/// Gives the bytes 0, 1, 2, .., as the published vector takes them for its jti.
class CountingSource final : public RandomSource {
 public:
  void fill(MutableBytes out) override {
    for (std::uint8_t& byte : out) {
      byte = next_++;
    }
  }

 private:
  std::uint8_t next_ = 0;
};

TEST_CASE("the published vector is minted and accepted") {
  const json vector = test_support::read_vectors("token.json");
  const json& claims = vector["claims"];
  const protocol::Ed25519SecretKey key(
      Secret<32>(ByteView(test_support::hex_bytes(vector["secret_key_seed"])).first<32>()));
  REQUIRE(key.public_key().hex() == vector["public_key"].get<std::string>());
  REQUIRE(kid_of(key.public_key()) == vector["header"]["kid"].get<std::string>());
  CountingSource jti;
  const Result<std::string> token = mint_token(key,
                                               {.issuer = claims["iss"].get<std::string>(),
                                                .kid = kid_of(key.public_key()),
                                                .audience = claims["aud"].get<std::string>(),
                                                .account = claims["sub"].get<std::string>(),
                                                .issued_at = UnixTime(claims["iat"].get<std::uint64_t>()),
                                                .life_seconds = 600},
                                               jti);
  REQUIRE(token);
  CHECK(*token == vector["token"].get<std::string>());

  const TokenVerifier verifier(
      {{claims["iss"].get<std::string>(), kid_of(key.public_key()), key.public_key()}},
      claims["aud"].get<std::string>());
  const Result<Access> access = verifier.verify(*token, UnixTime(claims["iat"].get<std::uint64_t>()));
  REQUIRE(access);
  CHECK(access->account == claims["sub"].get<std::string>());
}

TEST_CASE("the algorithm is the one of the key") {
  Fixture fixture;
  for (const char* algorithm : {"none", "HS256", "ES256", "eddsa", ""}) {
    fixture.header["alg"] = algorithm;
    CHECK(fixture.rule() == "token.algorithm");
  }
}

TEST_CASE("an unsigned token is refused") {
  Fixture fixture;
  const std::string token = fixture.sign();
  CHECK(fixture.rule_of(token.substr(0, token.rfind('.') + 1)) == "token.signature");
}

TEST_CASE("a token of an unknown key is refused") {
  Fixture fixture;
  fixture.header["kid"] = "ffffffffffffffff";
  CHECK(fixture.rule() == "token.key");
}

TEST_CASE("a token that names the key of another issuer is refused") {
  Fixture fixture;
  fixture.header["kid"] = fixture.other.kid;
  CHECK(fixture.rule() == "token.signature");
  fixture.header["kid"] = fixture.issuer.kid;
  fixture.claims["iss"] = "county";
  CHECK(fixture.rule() == "token.issuer");
}

TEST_CASE("a header with any further member is refused") {
  Fixture fixture;
  for (const char* member : {"crit", "jku", "jwk", "x5u", "x5c", "b64", "cty", "zip"}) {
    json header = fixture.header;
    header[member] = "x";
    CHECK(fixture.rule_of(fixture.sign(header.dump(), fixture.claims.dump())) == "token.header");
  }
}

TEST_CASE("a header with a member missing or of another type is refused") {
  Fixture fixture;
  for (const char* member : {"alg", "kid", "typ"}) {
    json header = fixture.header;
    header.erase(member);
    CHECK(fixture.rule_of(fixture.sign(header.dump(), fixture.claims.dump())) == "token.header");
    header[member] = 1;
    CHECK(fixture.rule_of(fixture.sign(header.dump(), fixture.claims.dump())) == "token.header");
  }
  fixture.header["typ"] = "at+jwt";
  CHECK(fixture.rule() == "token.header");
}

TEST_CASE("a claim that is missing or of another type is refused") {
  Fixture fixture;
  for (const char* claim : {"iss", "sub", "aud", "iat", "exp", "jti", "scope"}) {
    json claims = fixture.claims;
    claims.erase(claim);
    CHECK(fixture.rule_of(fixture.sign(fixture.header.dump(), claims.dump())) == "token.claims");
    claims[claim] = json::array({"x"});
    CHECK(fixture.rule_of(fixture.sign(fixture.header.dump(), claims.dump())) == "token.claims");
  }
}

TEST_CASE("a claim beyond the seven is refused") {
  Fixture fixture;
  fixture.claims["nbf"] = kNow.value();
  CHECK(fixture.rule() == "token.claims");
}

TEST_CASE("a token names itself in 1 to 128 characters") {
  Fixture fixture;
  fixture.claims["jti"] = std::string(128, 'j');
  CHECK(fixture.rule() == "accepted");
  for (const std::size_t size : {std::size_t{0}, std::size_t{129}}) {
    fixture.claims["jti"] = std::string(size, 'j');
    CHECK(fixture.rule() == "token.claims");
  }
}

TEST_CASE("duplicate members are refused") {
  Fixture fixture;
  std::string claims = fixture.claims.dump();
  claims.insert(claims.size() - 1, R"(,"sub":"bert")");
  CHECK(fixture.rule_of(fixture.sign(fixture.header.dump(), claims)) == "token.claims");
  std::string header = fixture.header.dump();
  header.insert(header.size() - 1, R"(,"alg":"EdDSA")");
  CHECK(fixture.rule_of(fixture.sign(header, fixture.claims.dump())) == "token.header");
}

TEST_CASE("times that are no whole numbers are refused") {
  Fixture fixture;
  fixture.claims["exp"] = 1.8e9;
  CHECK(fixture.rule() == "token.claims");
  fixture.claims["exp"] = -1;
  CHECK(fixture.rule() == "token.claims");
}

TEST_CASE("an account is printable text of 1 to 255 bytes") {
  Fixture fixture;
  for (const std::string& account : {std::string(), std::string(256, 'a'), std::string("a\nb"),
                                     std::string("a\0b", 3), std::string("a\u202Eb")}) {
    fixture.claims["sub"] = account;
    CHECK(fixture.rule() == "token.claims");
    TokenRequest request = fixture.request();
    request.account = account;
    CHECK(mint_token(fixture.key, request, fixture.random).error().rule == "token.account");
  }
  fixture.claims["sub"] = std::string(255, 'a');
  CHECK(fixture.rule() == "accepted");
}

TEST_CASE("a token for another operator is refused") {
  Fixture fixture;
  fixture.claims["aud"] = "ffffffffffffffffffffffffffffffff";
  CHECK(fixture.rule() == "token.audience");
}

TEST_CASE("a token is valid up to 60 seconds beyond its expiry") {
  Fixture fixture;
  const std::string token = fixture.sign();
  CHECK(fixture.rule_of(token, UnixTime(kNow.value() + 659)) == "accepted");
  CHECK(fixture.rule_of(token, UnixTime(kNow.value() + 660)) == "token.expired");
}

TEST_CASE("a token is valid from 60 seconds before its issue") {
  Fixture fixture;
  const std::string token = fixture.sign();
  CHECK(fixture.rule_of(token, UnixTime(kNow.value() - 60)) == "accepted");
  CHECK(fixture.rule_of(token, UnixTime(kNow.value() - 61)) == "token.not-yet-valid");
}

TEST_CASE("a token lives at most 24 hours and at least a second") {
  Fixture fixture;
  fixture.claims["exp"] = kNow.value() + 86'400;
  CHECK(fixture.rule() == "accepted");
  fixture.claims["exp"] = kNow.value() + 86'401;
  CHECK(fixture.rule() == "token.lifetime");
  fixture.claims["exp"] = kNow.value();
  CHECK(fixture.rule() == "token.lifetime");
  for (const std::uint64_t life : {std::uint64_t{0}, std::uint64_t{86'401}}) {
    TokenRequest request = fixture.request();
    request.life_seconds = life;
    CHECK(mint_token(fixture.key, request, fixture.random).error().rule == "token.lifetime");
  }
  TokenRequest endless = fixture.request();
  endless.issued_at = UnixTime(std::numeric_limits<std::uint64_t>::max());
  CHECK(mint_token(fixture.key, endless, fixture.random).error().rule == "token.lifetime");
}

TEST_CASE("a token without a scope of ours is refused") {
  Fixture fixture;
  for (const char* scope : {"", "admin", "evaluateresolve", "Evaluate"}) {
    fixture.claims["scope"] = scope;
    CHECK(fixture.rule() == "token.scope");
  }
  TokenRequest request = fixture.request();
  request.scope = {};
  CHECK(mint_token(fixture.key, request, fixture.random).error().rule == "token.scope");
}

TEST_CASE("a token of more than 2 KiB is refused unread") {
  Fixture fixture;
  CHECK(fixture.rule_of(std::string(2'049, 'a')) == "token.size");
  fixture.claims["jti"] = std::string(2'000, 'a');
  CHECK(fixture.rule() == "token.size");
}

TEST_CASE("what is not three parts of unpadded base64url is refused") {
  Fixture fixture;
  const std::string token = fixture.sign();
  CHECK(fixture.rule_of("") == "token.encoding");
  CHECK(fixture.rule_of("a.b") == "token.encoding");
  CHECK(fixture.rule_of(token + ".AAAA") == "token.encoding");
  CHECK(fixture.rule_of(token + "=") == "token.encoding");
  CHECK(fixture.rule_of(" " + token) == "token.encoding");
  CHECK(fixture.rule_of(token + "\n") == "token.encoding");
  std::string standard_alphabet = token;
  standard_alphabet.back() = '+';
  CHECK(fixture.rule_of(standard_alphabet) == "token.encoding");
}

TEST_CASE("a change of any bit of the signature is refused") {
  Fixture fixture;
  const std::string token = fixture.sign();
  const std::string text = token.substr(0, token.rfind('.'));
  const Bytes signature = *from_base64url(token.substr(token.rfind('.') + 1));
  for (std::size_t bit = 0; bit < signature.size() * 8; ++bit) {
    Bytes flipped = signature;
    flipped[bit / 8] = static_cast<std::uint8_t>(flipped[bit / 8] ^ (1U << (bit % 8)));
    CHECK(fixture.rule_of(text + "." + to_base64url(flipped)) == "token.signature");
  }
  Bytes longer = signature;
  longer.push_back(0);
  CHECK(fixture.rule_of(text + "." + to_base64url(longer)) == "token.signature");
}

TEST_CASE("claims that were changed after signing are refused") {
  Fixture fixture;
  const std::string token = fixture.sign();
  fixture.claims["sub"] = "bert";
  const std::string other = fixture.sign();
  CHECK(fixture.rule_of(other.substr(0, other.rfind('.')) + token.substr(token.rfind('.'))) ==
        "token.signature");
}

}  // namespace
}  // namespace blindbook::protocol
