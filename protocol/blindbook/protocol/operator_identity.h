#pragma once

#include <string>
#include <string_view>

#include "blindbook/base/error.h"
#include "blindbook/base/strong.h"
#include "blindbook/protocol/ed25519.h"

/// Who an operator is to a client: the root public key, pinned, and the names derived from it.
namespace blindbook::protocol {

/// First 16 bytes of SHA-256 over the root key. In hex it is the *operator id*: the audience of access
/// tokens, the folder of a client's state, and what a person compares by eye.
using RootFingerprint = StrongBytes<struct RootFingerprintTag, 16>;

[[nodiscard]] RootFingerprint fingerprint_of(const Ed25519PublicKey& root);

/// Content of an operator.pub file: one line, base64url of the 32 bytes.
[[nodiscard]] std::string encode_operator_file(const Ed25519PublicKey& root);
/// BadInput "operator.key": not one line of base64url of 32 bytes (one line end at the end is fine).
[[nodiscard]] Result<Ed25519PublicKey> decode_operator_file(std::string_view text);

/// Display name: 1..255 bytes of UTF-8 without control or bidi characters. BadInput "operator.name"
/// otherwise.
[[nodiscard]] Result<void> check_operator_name(std::string_view name);

}  // namespace blindbook::protocol
