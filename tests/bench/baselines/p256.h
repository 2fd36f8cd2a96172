#pragma once

#include <cstddef>
#include <memory>

#include <openssl/bn.h>
#include <openssl/ec.h>

#include "blindbook/base/bytes.h"
#include "blindbook/base/random.h"

/// NIST P-256 as OpenSSL has it, with its assembly for that curve, and a commutative cipher over it: a key multiplies
/// points, and keys may be applied in any order (Pohlig and Hellman 1978).
namespace blindbook::bench {

class P256Cipher {
 public:
  /// A compressed point (SEC 1 section 2.3.3).
  static constexpr std::size_t kPointBytes = 33;

  /// With a fresh key, uniform in 1 .. order - 1.
  explicit P256Cipher(RandomSource& random);

  /// The hash of `text` on the curve, by trying x after x from a chain of SHA-256 until one is on it, times the key; into
  /// the kPointBytes of `out`.
  void encrypt(ByteView text, MutableBytes out) const;

  /// A point times the key, or times its inverse. Throws std::runtime_error on bytes that are no point.
  /// @{
  void reencrypt(ByteView point, MutableBytes out) const { multiply(point, *key_, out); }
  void decrypt(ByteView point, MutableBytes out) const { multiply(point, *inverse_, out); }
  /// @}

 private:
  struct Free {
    void operator()(EC_GROUP* group) const { EC_GROUP_free(group); }
    void operator()(EC_POINT* point) const { EC_POINT_clear_free(point); }
    void operator()(BIGNUM* number) const { BN_clear_free(number); }
    void operator()(BN_CTX* context) const { BN_CTX_free(context); }
  };

  void hash_to_curve(ByteView text) const;
  void multiply(ByteView point, const BIGNUM& by, MutableBytes out) const;
  void multiply_scratch(const BIGNUM& by, MutableBytes out) const;

  std::unique_ptr<EC_GROUP, Free> group_;
  std::unique_ptr<BN_CTX, Free> context_;
  std::unique_ptr<EC_POINT, Free> scratch_;
  std::unique_ptr<BIGNUM, Free> key_;
  std::unique_ptr<BIGNUM, Free> inverse_;
};

}  // namespace blindbook::bench
