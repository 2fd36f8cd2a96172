#pragma once

#include <string_view>

#include "blindbook/base/bytes.h"
#include "blindbook/base/error.h"
#include "blindbook/base/random.h"
#include "blindbook/base/secret.h"

/// AES-256-GCM (NIST SP 800-38D) for what a program keeps at rest. Sealed form: nonce(12) || ciphertext ||
/// tag(16).
namespace blindbook::protocol {

inline constexpr std::size_t kAeadOverhead = 12 + 16;

/// `context` (a domain string, or a whole file header) is authenticated with the text and not stored. A fresh
/// random nonce is drawn each time: one key may seal up to 2^32 times.
[[nodiscard]] Bytes aead_seal(const Secret<32>& key, ByteView context, ByteView plaintext,
                              RandomSource& random);

/// BadInput "aead.open": another key, another context, or altered bytes; which of them cannot be told.
[[nodiscard]] Result<SecretBytes> aead_open(const Secret<32>& key, ByteView context, ByteView sealed);

}  // namespace blindbook::protocol
