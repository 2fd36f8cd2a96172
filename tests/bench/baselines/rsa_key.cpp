#include "tests/bench/baselines/rsa_key.h"

#include <cstddef>
#include <memory>
#include <stdexcept>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

namespace blindbook::bench {
namespace {

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(BIGNUM* number) const { BN_clear_free(number); }
};

Bytes parameter(const EVP_PKEY* key, const char* name) {
  BIGNUM* raw = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &raw) != 1) {
    throw std::runtime_error("an RSA key without one of its numbers");
  }
  const std::unique_ptr<BIGNUM, Free> number(raw);
  Bytes out(static_cast<std::size_t>(BN_num_bytes(number.get())));
  BN_bn2bin(number.get(), out.data());
  return out;
}

}  // namespace

RsaKey generate_rsa_key(unsigned bits) {
  const std::unique_ptr<EVP_PKEY, Free> key(EVP_RSA_gen(bits));
  if (!key) {
    throw std::runtime_error("OpenSSL made no RSA key");
  }
  return {.modulus = parameter(key.get(), OSSL_PKEY_PARAM_RSA_N),
          .prime1 = parameter(key.get(), OSSL_PKEY_PARAM_RSA_FACTOR1),
          .prime2 = parameter(key.get(), OSSL_PKEY_PARAM_RSA_FACTOR2),
          .exponent1 = parameter(key.get(), OSSL_PKEY_PARAM_RSA_EXPONENT1),
          .exponent2 = parameter(key.get(), OSSL_PKEY_PARAM_RSA_EXPONENT2),
          .coefficient = parameter(key.get(), OSSL_PKEY_PARAM_RSA_COEFFICIENT1)};
}

}  // namespace blindbook::bench
