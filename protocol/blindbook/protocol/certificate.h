#pragma once

#include <cstdint>

#include "blindbook/base/bytes.h"
#include "blindbook/base/error.h"
#include "blindbook/base/types.h"
#include "blindbook/protocol/ed25519.h"

/// By a certificate the root key, kept offline, lends its authority to an announcement key for a while.
/// Bytes: magic(8) version(1) serial(8) key(32) not_before(8) not_after(8) signature(64); the signature is
/// the root's over domain::kCertificate and all that stands before it.
namespace blindbook::protocol {

struct Certificate {
  std::uint64_t serial = 0;  ///< a higher serial revokes every lower one
  Ed25519PublicKey key;      ///< signs announcements
  UnixTime not_before;
  UnixTime not_after;  ///< at most 400 days after not_before
  friend bool operator==(const Certificate&, const Certificate&) = default;
};

inline constexpr std::size_t kCertificateBytes = 8 + 1 + 8 + 32 + 8 + 8 + 64;

/// The signed bytes. ApiMisuse "certificate.life" when not_after is not after not_before or more than 400
/// days later.
[[nodiscard]] Result<Bytes> issue_certificate(const Certificate& certificate, const Ed25519SecretKey& root);

/// The content, once the root's signature has verified. PeerMisbehaved "certificate.format",
/// "certificate.signature", "certificate.life". Whether it is valid *now* is asked by the caller, who has a
/// clock.
[[nodiscard]] Result<Certificate> open_certificate(ByteView bytes, const Ed25519PublicKey& root);

}  // namespace blindbook::protocol
