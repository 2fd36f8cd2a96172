#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "blindbook/base/bytes.h"
#include "blindbook/base/error.h"
#include "blindbook/base/random.h"
#include "blindbook/base/secret.h"
#include "blindbook/base/strong.h"

/// The bytes of a key file:
///   magic(8) version(1)=1 kind(1) protection(1) log2_n(1) r(4) p(4) salt(16) || nonce(12) || ciphertext ||
///   tag(16)
/// AES-256-GCM under KEK = HKDF-SHA-256(ikm scrypt(passphrase, salt, N, r, p) || slot, info domain::kKeyFile
/// || kind(1) || name), with everything in front of the nonce authenticated. Unsealed, protection = 0, all
/// scrypt fields are zero and the secret follows as it is. docs/spec/state.md.
namespace blindbook::protocol {

enum class KeyKind : std::uint8_t { kEpoch = 1, kAnnouncement = 2, kRoot = 3, kToken = 4, kIndex = 5 };

enum class KeyProtection : std::uint8_t {
  kNone = 0,        ///< the secret as it is, guarded by the mode of its file alone
  kPassphrase = 1,  ///< sealed under a passphrase and a slot
};

/// Cost of scrypt (RFC 7914): N = 2^log2_n, about 128 * r * N bytes of memory.
struct ScryptCost {
  std::uint8_t log2_n = 17;
  std::uint32_t r = 8;
  std::uint32_t p = 1;
  friend bool operator==(const ScryptCost&, const ScryptCost&) = default;
};

/// Beyond these a file is refused, so that nobody can make us spend gigabytes on it.
inline constexpr ScryptCost kScryptCeiling{.log2_n = 20, .r = 16, .p = 4};

using ScryptSalt = StrongBytes<struct ScryptSaltTag, 16>;

struct KeyFileHeader {
  KeyKind kind;
  KeyProtection protection;
  ScryptCost cost;
  ScryptSalt salt;
};

/// Longest secret that a key file holds.
inline constexpr std::size_t kMaxKeyBytes = 128;
inline constexpr std::size_t kKeyFileHeaderBytes = 8 + 1 + 1 + 1 + 1 + 4 + 4 + 16;
inline constexpr std::size_t kMaxKeyFileBytes = kKeyFileHeaderBytes + 12 + kMaxKeyBytes + 16;

/// A passphrase, stretched: what scrypt yields.
using StretchedPassphrase = Secret<32>;
/// Random bytes kept apart from the key file; unlinking them destroys the key.
using Slot = Secret<32>;

/// scrypt(passphrase, salt, cost), 32 bytes. BadInput "key.scrypt-cost" when `cost` is 0 somewhere or above
/// kScryptCeiling; Unavailable "key.scrypt" when there is not enough memory.
[[nodiscard]] Result<StretchedPassphrase> stretch(ByteView passphrase, const ScryptSalt& salt,
                                                  const ScryptCost& cost);

/// The header at the start of `file`. BadInput "key.format".
[[nodiscard]] Result<KeyFileHeader> parse_key_file_header(ByteView file);

/// The whole file, protection kPassphrase. `name` is the file's, so that no key can stand in for another.
[[nodiscard]] Bytes seal_key_file(KeyKind kind, std::string_view name, ByteView secret,
                                  const ScryptCost& cost, const ScryptSalt& salt,
                                  const StretchedPassphrase& passphrase, const Slot& slot,
                                  RandomSource& random);

/// The secret in a file that seal_key_file() wrote under that name. BadInput "key.passphrase" when
/// passphrase, slot or name are others, or the file was altered; which of them cannot be told.
[[nodiscard]] Result<SecretBytes> open_key_file(ByteView file, std::string_view name,
                                                const StretchedPassphrase& passphrase, const Slot& slot);

/// The whole file, protection kNone.
[[nodiscard]] SecretBytes unsealed_key_file(KeyKind kind, ByteView secret);

}  // namespace blindbook::protocol
