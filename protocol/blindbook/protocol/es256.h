#pragma once

#include "blindbook/base/bytes.h"
#include "blindbook/base/strong.h"

/// ES256 (RFC 7518 section 3.4: ECDSA over P-256 with SHA-256) over OpenSSL, for tokens of issuers that have no Ed25519. Verifying
/// alone: all is public.
namespace blindbook::protocol {

/// The coordinates of a point, x || y, 32 bytes each, big-endian: "x" and "y" of a JWK (RFC 7518 section 6.2.1).
using Es256PublicKey = StrongBytes<struct Es256PublicKeyTag, 64>;
/// r || s, 32 bytes each, big-endian.
using Es256Signature = StrongBytes<struct Es256SignatureTag, 64>;

/// True when `key` is a point of the curve. Throws std::runtime_error when OpenSSL has no memory.
[[nodiscard]] bool is_on_curve(const Es256PublicKey& key);

/// True when `signature` is `key`'s over `message`; false also where `key` is no point of the curve. With (r, s), (r, -s) is a
/// signature too, so that a signature names nothing. Throws std::runtime_error when OpenSSL has no memory.
[[nodiscard]] bool verify(const Es256PublicKey& key, ByteView message, const Es256Signature& signature);

}  // namespace blindbook::protocol
