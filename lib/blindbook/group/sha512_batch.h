#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "blindbook/base/bytes.h"
#include "blindbook/group/kernel/kernel.h"

namespace blindbook::group {

inline constexpr std::size_t kSha512Bytes = 64;

/// SHA-512 of each of `msgs`, 64 bytes each, side by side in `out`; as many messages at a time as the kernel has
/// lanes. Branches and addresses depend on lengths alone; no state and no block outlives the call. Throws
/// std::invalid_argument when `out` is not 64 bytes for each message.
void sha512_batch(const kernel::Kernel& kernel, std::span<const ByteView> msgs, MutableBytes out);

/// SHA-512 of up to kMany messages, fed in pieces and compressed together on a kernel that can. Wiped on
/// destruction.
class Sha512Lanes {
 public:
  /// The most lanes of any kernel: more would cost stack, which has to be wiped, and gain nothing.
  static constexpr std::size_t kMany = 8;
  static constexpr std::size_t kBlockBytes = 128;
  using State = std::array<std::uint64_t, 8>;
  /// FIPS 180-4 section 5.3.5.
  static constexpr State kInitial = {0x6a09e667f3bcc908U, 0xbb67ae8584caa73bU, 0x3c6ef372fe94f82bU,
                                     0xa54ff53a5f1d36f1U, 0x510e527fade682d1U, 0x9b05688c2b3e6c1fU,
                                     0x1f83d9abfb41bd6bU, 0x5be0cd19137e2179U};

  /// Whether messages of so many bytes have room.
  [[nodiscard]] static constexpr bool holds(std::size_t bytes) noexcept {
    return bytes + kPaddingBytes <= kMaxBlocks * kBlockBytes;
  }

  /// `count` messages, at most kMany. Each follows `bytes_before` bytes, whole blocks, that have led to `state`.
  explicit Sha512Lanes(std::size_t count, const State& state = kInitial,
                       std::size_t bytes_before = 0) noexcept;
  ~Sha512Lanes();
  Sha512Lanes(const Sha512Lanes&) = delete;
  Sha512Lanes& operator=(const Sha512Lanes&) = delete;

  /// In all, holds() of a message's bytes must be true.
  void append(std::size_t message, ByteView bytes) noexcept;
  /// One digest after the other. The object is spent. `kernel` compresses.
  void finish(const kernel::Kernel& kernel, MutableBytes out) noexcept;

 private:
  /// FIPS 180-4 section 5.1.2: a bit, and the length in bits in 128.
  static constexpr std::size_t kPaddingBytes = 1 + 16;
  static constexpr std::size_t kMaxBlocks = 3;

  [[nodiscard]] std::size_t blocks_of(std::size_t message) const noexcept;
  /// That block of all messages which have it.
  void compress(const kernel::Kernel& kernel, std::size_t block) noexcept;

  std::size_t count_;
  std::size_t bytes_before_;
  std::array<std::size_t, kMany> sizes_{};
  std::array<State, kMany> states_;
  std::array<std::array<std::uint8_t, kMaxBlocks * kBlockBytes>, kMany> blocks_{};
};

}  // namespace blindbook::group
