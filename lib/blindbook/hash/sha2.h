#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>

#include "blindbook/base/bytes.h"

namespace blindbook::hash {

/// The hash functions of the suites.
enum class HashId : std::uint8_t { kSha256, kSha512 };

/// Bytes of a digest: 32 or 64.
[[nodiscard]] constexpr std::size_t digest_bytes(HashId id) noexcept {
  return id == HashId::kSha256 ? 32 : 64;
}

/// SHA-256 (FIPS 180-4) over input that arrives in pieces. Allocates nothing. A copy is an independent hash
/// of what was fed so far, which is how a common prefix is hashed once. The state is wiped on destruction.
class Sha256 {
 public:
  static constexpr HashId kId = HashId::kSha256;
  static constexpr std::size_t kDigestBytes = 32;
  static constexpr std::size_t kBlockBytes = 64;
  using Digest = std::array<std::uint8_t, kDigestBytes>;

  Sha256() noexcept;
  Sha256(const Sha256&) noexcept = default;
  Sha256& operator=(const Sha256&) noexcept = default;
  ~Sha256();

  Sha256& update(ByteView bytes) noexcept;
  /// The digest of everything fed; the object then starts over with the empty message.
  [[nodiscard]] Digest finish() noexcept;

 private:
  alignas(std::uint64_t) std::array<std::byte, 112> state_;
};

/// SHA-512 (FIPS 180-4); everything else as Sha256.
class Sha512 {
 public:
  static constexpr HashId kId = HashId::kSha512;
  static constexpr std::size_t kDigestBytes = 64;
  static constexpr std::size_t kBlockBytes = 128;
  using Digest = std::array<std::uint8_t, kDigestBytes>;

  Sha512() noexcept;
  Sha512(const Sha512&) noexcept = default;
  Sha512& operator=(const Sha512&) noexcept = default;
  ~Sha512();

  Sha512& update(ByteView bytes) noexcept;
  [[nodiscard]] Digest finish() noexcept;

 private:
  alignas(std::uint64_t) std::array<std::byte, 216> state_;
};

/// Digest of the concatenation of `parts`.
/// @{
[[nodiscard]] Sha256::Digest sha256(std::initializer_list<ByteView> parts) noexcept;
[[nodiscard]] Sha512::Digest sha512(std::initializer_list<ByteView> parts) noexcept;
/// @}

}  // namespace blindbook::hash
