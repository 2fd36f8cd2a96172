#include "blindbook/hash/hkdf.h"

#include <stdexcept>

#include <catch2/catch.hpp>
#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "tests/support/vectors.h"

using namespace blindbook;
using namespace blindbook::hash;

namespace {

/// Extract and expand by OpenSSL.
Bytes openssl_hkdf(const char* digest, Bytes salt, Bytes ikm, Bytes info, std::size_t size) {
  EVP_KDF* kdf = EVP_KDF_fetch(nullptr, "HKDF", nullptr);
  EVP_KDF_CTX* context = EVP_KDF_CTX_new(kdf);
  std::string name = digest;
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, name.data(), 0),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, ikm.data(), ikm.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, salt.data(), salt.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info.data(), info.size()),
      OSSL_PARAM_construct_end()};
  Bytes out(size);
  REQUIRE(EVP_KDF_derive(context, out.data(), out.size(), parameters) == 1);
  EVP_KDF_CTX_free(context);
  EVP_KDF_free(kdf);
  return out;
}

Bytes counting(std::size_t size, unsigned start) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) {
    bytes[i] = static_cast<std::uint8_t>(start + i);
  }
  return bytes;
}

}  // namespace

TEST_CASE("hkdf with sha-256 gives the values of rfc 5869") {
  const auto vectors = test_support::read_vectors("rfc5869-hkdf.json");
  REQUIRE(vectors.at("tests").size() == 3);
  for (const auto& vector : vectors.at("tests")) {
    INFO(vector.at("name"));
    const SecretBytes prk = hkdf_extract(HashId::kSha256, test_support::hex_bytes(vector.at("salt")),
                                         test_support::hex_bytes(vector.at("ikm")));
    CHECK(to_hex(prk.expose()) == vector.at("prk"));
    Bytes okm(test_support::hex_bytes(vector.at("okm")).size());
    hkdf_expand(HashId::kSha256, prk.expose(), test_support::hex_bytes(vector.at("info")), okm);
    CHECK(to_hex(okm) == vector.at("okm"));
  }
}

TEST_CASE("hkdf agrees with openssl for both hashes and all lengths") {
  const auto [id, digest] =
      GENERATE(std::pair(HashId::kSha256, "SHA256"), std::pair(HashId::kSha512, "SHA512"));
  for (const std::size_t size : {1U, 16U, 31U, 32U, 33U, 64U, 65U, 200U}) {
    const Bytes salt = counting(size, 1);
    const Bytes ikm = counting(2 * size, 100);
    const Bytes info = counting(size / 2 + 1, 7);
    Bytes okm(size);
    hkdf_expand(id, hkdf_extract(id, salt, ikm).expose(), info, okm);
    CHECK(okm == openssl_hkdf(digest, salt, ikm, info, size));
  }
}

TEST_CASE("hkdf expand gives 255 digests and refuses more") {
  const auto id = GENERATE(HashId::kSha256, HashId::kSha512);
  const Bytes prk = counting(digest_bytes(id), 3);
  Bytes most(255 * digest_bytes(id));
  CHECK_NOTHROW(hkdf_expand(id, prk, {}, most));
  Bytes more(most.size() + 1);
  CHECK_THROWS_AS(hkdf_expand(id, prk, {}, more), std::invalid_argument);
}
