#pragma once

#include <initializer_list>

#include "blindbook/base/random.h"
#include "blindbook/base/secret.h"
#include "blindbook/base/strong.h"

/// Ed25519 (RFC 8032) over OpenSSL, for the objects an operator and an issuer sign.
namespace blindbook::protocol {

using Ed25519PublicKey = StrongBytes<struct Ed25519PublicKeyTag, 32>;
using Ed25519Signature = StrongBytes<struct Ed25519SignatureTag, 64>;

/// A signing key: its 32-byte seed, wiped on destruction.
class Ed25519SecretKey {
 public:
  explicit Ed25519SecretKey(Secret<32> seed) noexcept : seed_(std::move(seed)) {}
  [[nodiscard]] static Ed25519SecretKey generate(RandomSource& random);

  /// Throws std::runtime_error when OpenSSL cannot work at all (no memory, Ed25519 disabled).
  [[nodiscard]] Ed25519PublicKey public_key() const;
  /// Signature over the parts joined.
  [[nodiscard]] Ed25519Signature sign(std::initializer_list<ByteView> message) const;
  [[nodiscard]] const Secret<32>& seed() const noexcept { return seed_; }

 private:
  Secret<32> seed_;
};

/// True when `signature` is `key`'s over the parts joined.
[[nodiscard]] bool verify(const Ed25519PublicKey& key, std::initializer_list<ByteView> message,
                          const Ed25519Signature& signature);

}  // namespace blindbook::protocol
