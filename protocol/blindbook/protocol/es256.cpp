#include "blindbook/protocol/es256.h"

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/params.h>

namespace blindbook::protocol {
namespace {

struct Free {
  void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
  void operator()(EVP_PKEY_CTX* context) const noexcept { EVP_PKEY_CTX_free(context); }
  void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
  void operator()(ECDSA_SIG* signature) const noexcept { ECDSA_SIG_free(signature); }
  void operator()(BIGNUM* number) const noexcept { BN_free(number); }
};
template <class T>
using Held = std::unique_ptr<T, Free>;

constexpr std::size_t kNumber = 32;  // bytes of a coordinate, of r and of s

/// Null when the coordinates are no point of the curve, or there is no memory.
Held<EVP_PKEY> key_of(ByteView coordinates) {
  std::array<std::uint8_t, 1 + 2 * kNumber> point{0x04};  // uncompressed (SEC 1 section 2.3.3)
  std::copy(coordinates.begin(), coordinates.end(), point.begin() + 1);
  std::string group = "prime256v1";
  const std::array<OSSL_PARAM, 3> parameters{
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group.data(), 0),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()),
      OSSL_PARAM_construct_end()};
  const Held<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* key = nullptr;
  if (context == nullptr || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY,
                        const_cast<OSSL_PARAM*>(parameters.data())) != 1) {
    return nullptr;
  }
  return Held<EVP_PKEY>(key);
}

/// The DER that OpenSSL reads; empty when there is no memory.
Bytes der_of(ByteView signature) {
  const Held<ECDSA_SIG> pair(ECDSA_SIG_new());
  Held<BIGNUM> r(BN_bin2bn(signature.data(), kNumber, nullptr));
  Held<BIGNUM> s(BN_bin2bn(signature.data() + kNumber, kNumber, nullptr));
  if (pair == nullptr || r == nullptr || s == nullptr || ECDSA_SIG_set0(pair.get(), r.get(), s.get()) != 1) {
    return {};
  }
  static_cast<void>(r.release());  // the pair's now
  static_cast<void>(s.release());
  const int size = i2d_ECDSA_SIG(pair.get(), nullptr);
  Bytes out(size > 0 ? static_cast<std::size_t>(size) : 0);
  std::uint8_t* end = out.data();
  return i2d_ECDSA_SIG(pair.get(), &end) == size ? out : Bytes();
}

bool openssl_verifies(ByteView key, ByteView message, ByteView signature) {
  const Held<EVP_PKEY> handle = key_of(key);
  const Held<EVP_MD_CTX> context(EVP_MD_CTX_new());
  const Bytes der = der_of(signature);
  return handle != nullptr && context != nullptr && !der.empty() &&
         EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, handle.get()) == 1 &&
         EVP_DigestVerify(context.get(), der.data(), der.size(), message.data(), message.size()) == 1;
}

// RFC 7515 appendix A.3.
constexpr std::string_view kKnownKey =
    "7fcdce2770f6c45d4183cbee6fdb4b7b580733357be9ef13bacf6e3c7bd15445"
    "c7f144cd1bbd9b7e872cdfedb9eeb9f4b3695d6ea90b24ad8a4623288588e5ad";
constexpr std::string_view kKnownMessage =
    "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
    "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
constexpr std::string_view kKnownSignature =
    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

/// OpenSSL says no in the same words when its memory has ended, and nobody may be blamed for that. It has memory when it can
/// verify what is known to be right; then its answer counts.
void require_memory() {
  if (!openssl_verifies(from_hex(kKnownKey).value(), bytes_of(kKnownMessage),
                        from_base64url(kKnownSignature).value())) {
    throw std::runtime_error("OpenSSL cannot work with ES256");
  }
}

}  // namespace

bool is_on_curve(const Es256PublicKey& key) {
  if (key_of(key.view()) != nullptr) {
    return true;
  }
  require_memory();
  return key_of(key.view()) != nullptr;
}

bool verify(const Es256PublicKey& key, ByteView message, const Es256Signature& signature) {
  if (openssl_verifies(key.view(), message, signature.view())) {
    return true;
  }
  require_memory();
  return openssl_verifies(key.view(), message, signature.view());
}

}  // namespace blindbook::protocol
