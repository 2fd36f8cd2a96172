#include "blindbook/protocol/es256.h"

#include <algorithm>

#include <catch2/catch.hpp>

#include "blindbook/protocol/token.h"

#include "tests/support/deterministic_random.h"
#include "tests/support/vectors.h"

namespace blindbook::protocol {
namespace {

using nlohmann::json;
using test_support::hex_bytes;

template <class Strong>
Strong strong(const Bytes& bytes) {
  return Strong(ByteView(bytes).template first<Strong::kSize>());
}

/// An issuer with this algorithm, and a token of theirs that another program made.
struct Vector {
  json vector = test_support::read_vectors("token_es256.json");
  Es256PublicKey key = strong<Es256PublicKey>(hex_bytes(vector["public_key"]));
  Bytes signature = hex_bytes(vector["signature"]);
  std::string text = vector["signed_text"].get<std::string>();
  UnixTime now{vector["claims"]["iat"].get<std::uint64_t>()};
  std::string audience = vector["claims"]["aud"].get<std::string>();

  [[nodiscard]] bool holds(const Bytes& changed) const {
    return verify(key, bytes_of(text), strong<Es256Signature>(changed));
  }
  [[nodiscard]] TokenVerifier verifier() const {
    return {{{"city", vector["header"]["kid"].get<std::string>(), key}}, audience};
  }
};

/// The order of the group.
Bytes order() {
  return hex_bytes("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
}

TEST_CASE("es256 agrees with rfc 6979 and with another implementation") {
  // RFC 6979 appendix A.2.5, SHA-256, "sample".
  const auto key =
      strong<Es256PublicKey>(hex_bytes("60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
                                       "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299"));
  const auto signature =
      strong<Es256Signature>(hex_bytes("efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
                                       "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"));
  CHECK(verify(key, bytes_of("sample"), signature));
  CHECK_FALSE(verify(key, bytes_of("samplf"), signature));
  const Vector vector;
  CHECK(vector.holds(vector.signature));
}

TEST_CASE("any changed bit of an es256 signature makes it wrong") {
  const Vector vector;
  for (std::size_t bit = 0; bit < vector.signature.size() * 8; ++bit) {
    Bytes flipped = vector.signature;
    flipped[bit / 8] = static_cast<std::uint8_t>(flipped[bit / 8] ^ (1U << (bit % 8)));
    CHECK_FALSE(vector.holds(flipped));
  }
}

TEST_CASE("numbers of an es256 signature lie between 0 and the order") {
  const Vector vector;
  for (const std::size_t half : {std::size_t{0}, std::size_t{32}}) {
    for (const Bytes& number : {Bytes(32), order(), Bytes(32, 0xFF)}) {
      Bytes changed = vector.signature;
      std::copy(number.begin(), number.end(), changed.begin() + static_cast<std::ptrdiff_t>(half));
      CHECK_FALSE(vector.holds(changed));
    }
  }
  CHECK_FALSE(vector.holds(Bytes(64)));  // CVE-2022-21449
}

TEST_CASE("a key that is no point of the curve verifies nothing") {
  const Vector vector;
  CHECK(is_on_curve(vector.key));
  for (const Bytes& other : {Bytes(64), Bytes(64, 0xFF), [&] {
                               Bytes bytes(vector.key.view().begin(), vector.key.view().end());
                               bytes[63] ^= 1;
                               return bytes;
                             }()}) {
    const auto key = strong<Es256PublicKey>(other);
    CHECK_FALSE(is_on_curve(key));
    CHECK_FALSE(verify(key, bytes_of(vector.text), strong<Es256Signature>(vector.signature)));
  }
}

TEST_CASE("the published es256 vector is accepted") {
  const Vector vector;
  const Result<Access> access =
      vector.verifier().verify(vector.vector["token"].get<std::string>(), vector.now);
  REQUIRE(access);
  CHECK(access->issuer == "city");
  CHECK(access->account == vector.vector["claims"]["sub"].get<std::string>());
  CHECK(access->issued_at == vector.now);
}

TEST_CASE("a key has one algorithm whatever a token says") {
  const Vector vector;
  const std::string claims = vector.vector["claims_text"].get<std::string>();
  for (const char* algorithm : {"EdDSA", "ES384", "HS256", "none", "es256", ""}) {
    json header = vector.vector["header"];
    header["alg"] = algorithm;
    const std::string token = to_base64url(bytes_of(header.dump())) + "." + to_base64url(bytes_of(claims)) +
                              "." + to_base64url(vector.signature);
    CHECK(vector.verifier().verify(token, vector.now).error().rule == "token.algorithm");
  }
  // An Ed25519 key under the same kid: the header's word does not choose.
  test_support::DeterministicRandom random{1};
  const Ed25519SecretKey other = Ed25519SecretKey::generate(random);
  const TokenVerifier verifier(
      {{"city", vector.vector["header"]["kid"].get<std::string>(), other.public_key()}}, vector.audience);
  CHECK(verifier.verify(vector.vector["token"].get<std::string>(), vector.now).error().rule ==
        "token.algorithm");
}

TEST_CASE("the signature of an es256 token is 64 bytes and no der") {
  const Vector vector;
  for (Bytes signature : {Bytes(vector.signature.begin(), vector.signature.end() - 1), [&] {
                            Bytes longer = vector.signature;
                            longer.push_back(0);
                            return longer;
                          }()}) {
    const std::string token = vector.text + "." + to_base64url(signature);
    CHECK(vector.verifier().verify(token, vector.now).error().rule == "token.signature");
  }
}

TEST_CASE("an issuer has several keys while it changes them") {
  test_support::DeterministicRandom random{2};
  const Ed25519SecretKey old_key = Ed25519SecretKey::generate(random);
  const Ed25519SecretKey new_key = Ed25519SecretKey::generate(random);
  const Vector vector;
  const auto token = [&](const Ed25519SecretKey& key) {
    return mint_token(key,
                      {.issuer = "city",
                       .kid = kid_of(key.public_key()),
                       .audience = vector.audience,
                       .account = "anna",
                       .issued_at = vector.now},
                      random)
        .value();
  };
  const Issuer before{"city", kid_of(old_key.public_key()), old_key.public_key()};
  const Issuer after{"city", kid_of(new_key.public_key()), new_key.public_key()};
  const Issuer es256{"city", vector.vector["header"]["kid"].get<std::string>(), vector.key};
  const TokenVerifier both({before, after, es256}, vector.audience);
  for (const std::string& one : {token(old_key), token(new_key), vector.vector["token"].get<std::string>()}) {
    const Result<Access> access = both.verify(one, vector.now);
    REQUIRE(access);
    CHECK(access->issuer == "city");
  }
  const TokenVerifier moved({after}, vector.audience);
  CHECK(moved.verify(token(new_key), vector.now).has_value());
  CHECK(moved.verify(token(old_key), vector.now).error().rule == "token.key");
}

}  // namespace
}  // namespace blindbook::protocol
