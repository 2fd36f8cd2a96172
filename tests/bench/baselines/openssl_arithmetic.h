#pragma once

#include <cstddef>
#include <memory>

#include <openssl/bn.h>

#include "blindbook/base/bytes.h"

#include "tests/bench/baselines/rsa_key.h"

/// The Arithmetic of OpenSSL's BIGNUM: Montgomery multiplication in assembly.
namespace blindbook::bench {

struct OpensslArithmetic {
  struct Free {
    void operator()(BIGNUM* number) const { BN_clear_free(number); }
    void operator()(BN_CTX* context) const { BN_CTX_free(context); }
    void operator()(BN_MONT_CTX* context) const { BN_MONT_CTX_free(context); }
  };

  /// Never null.
  using Number = std::unique_ptr<BIGNUM, Free>;

  [[nodiscard]] static Number number(ByteView bytes);

  /// Not for several threads: a BN_CTX is reused.
  class Modulus {
   public:
    explicit Modulus(ByteView modulus);

    [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
    [[nodiscard]] Number reduce(ByteView bytes) const;
    void write(const Number& value, MutableBytes out) const;
    [[nodiscard]] Number multiply(const Number& a, const Number& b) const;
    [[nodiscard]] Number power(const Number& base, const Number& exponent) const;
    [[nodiscard]] Number inverse(const Number& a) const;

   private:
    Number modulus_;
    std::size_t bytes_;
    std::unique_ptr<BN_CTX, Free> context_;
    std::unique_ptr<BN_MONT_CTX, Free> montgomery_;
  };

  /// Not for several threads either.
  class PrivateKey {
   public:
    explicit PrivateKey(const RsaKey& key);
    [[nodiscard]] Number sign(const Number& value) const;

   private:
    Number p_;
    Number q_;
    Number exponent_p_;
    Number exponent_q_;
    Number coefficient_;
    std::unique_ptr<BN_CTX, Free> context_;
    std::unique_ptr<BN_MONT_CTX, Free> montgomery_p_;
    std::unique_ptr<BN_MONT_CTX, Free> montgomery_q_;
  };
};

}  // namespace blindbook::bench
