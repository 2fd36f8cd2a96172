#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

/// The constants of protocol v1 (docs/spec/protocol.md). A client refuses a service that announces others: a
/// service that could choose batch sizes 1, 2, 3, .. would read the real number of contacts.
namespace blindbook::protocol {

inline constexpr std::array<std::uint32_t, 6> kBatchSizes{16, 64, 256, 1024, 2048, 4096};
inline constexpr std::uint32_t kFirstRunMinimum = 64;  ///< smallest batch of the first run in an epoch
inline constexpr std::uint32_t kLargestBatch = kBatchSizes.back();
inline constexpr std::size_t kMaxBatchesPerRun = 2;  ///< what is left over is reported as not looked up

inline constexpr std::string_view kProfile = "e164/1";  ///< how raw numbers become identifiers
inline constexpr std::uint8_t kTagBits = 56;

inline constexpr std::size_t kMaxAnnouncementBytes = std::size_t{1} << 20;
inline constexpr std::size_t kMaxOperatorNameBytes = 255;
inline constexpr std::uint16_t kMaxLabelBytes = 512;
inline constexpr std::uint64_t kMaxPatchEditions = 30;
inline constexpr std::uint64_t kMaxDirectoryBytes = 0xffff'ffff;  ///< what a client is willing to store

inline constexpr std::uint64_t kDay = 86'400;          ///< seconds
inline constexpr std::uint64_t kClockTolerance = 600;  ///< seconds a client's clock may be off
inline constexpr std::uint64_t kCertificateMaxLife = 400 * kDay;
inline constexpr std::uint64_t kAnnouncementLife = 7 * kDay;
inline constexpr std::uint64_t kEpochLength = 90 * kDay;  ///< not_before(n+1) - not_before(n)
inline constexpr std::uint64_t kEpochOverlap = 7 * kDay;  ///< not_after(n) - not_before(n+1)
inline constexpr std::uint64_t kEpochNotice = 3 * kDay;   ///< an epoch is announced so long before it begins
inline constexpr std::uint64_t kMaxCacheAge =
    3600;  ///< HTTP caches may hand out a directory or patch so long
inline constexpr std::uint64_t kPendingLife = kDay;  ///< a suspended request is dropped after this
inline constexpr std::uint32_t kMaxRetriesPerRequest = 8;

/// The smallest listed batch size >= `count`; nothing when `count` is above the largest.
[[nodiscard]] constexpr std::optional<std::uint32_t> smallest_batch_for(std::size_t count) {
  for (const std::uint32_t size : kBatchSizes) {
    if (count <= size) {
      return size;
    }
  }
  return std::nullopt;
}

[[nodiscard]] constexpr bool is_batch_size(std::uint64_t count) {
  for (const std::uint32_t size : kBatchSizes) {
    if (count == size) {
      return true;
    }
  }
  return false;
}

}  // namespace blindbook::protocol
