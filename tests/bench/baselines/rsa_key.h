#pragma once

#include "blindbook/base/bytes.h"

namespace blindbook::bench {

/// 65537, the public exponent of every key here.
inline constexpr unsigned kRsaExponent = 65537;

/// An RSA key (RFC 8017 section 3.2, the second representation), big-endian.
struct RsaKey {
  Bytes modulus;      ///< n = p q
  Bytes prime1;       ///< p
  Bytes prime2;       ///< q
  Bytes exponent1;    ///< d modulo p - 1
  Bytes exponent2;    ///< d modulo q - 1
  Bytes coefficient;  ///< 1/q modulo p
};

/// A fresh key with a modulus of `bits` bits: from OpenSSL, and so from OpenSSL's own randomness. Throws std::runtime_error
/// when it makes none.
[[nodiscard]] RsaKey generate_rsa_key(unsigned bits);

}  // namespace blindbook::bench
