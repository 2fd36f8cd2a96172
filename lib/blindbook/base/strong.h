#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <span>
#include <string>

#include "blindbook/base/bytes.h"

namespace blindbook {

/// A number that cannot be mistaken for another number: `using Edition = StrongNumber<struct EditionTag,
/// std::uint32_t>;`
template <class Tag, class Rep>
class StrongNumber {
 public:
  constexpr StrongNumber() noexcept = default;
  constexpr explicit StrongNumber(Rep value) noexcept : value_(value) {}
  [[nodiscard]] constexpr Rep value() const noexcept { return value_; }
  friend constexpr auto operator<=>(StrongNumber, StrongNumber) noexcept = default;

 private:
  Rep value_{};
};

/// N public bytes with a meaning of their own: ids, digests, encodings. Compared byte by byte, in variable
/// time.
template <class Tag, std::size_t N>
class StrongBytes {
 public:
  static constexpr std::size_t kSize = N;

  constexpr StrongBytes() noexcept = default;
  constexpr explicit StrongBytes(const std::array<std::uint8_t, N>& bytes) noexcept : bytes_(bytes) {}
  explicit StrongBytes(std::span<const std::uint8_t, N> bytes) noexcept {
    std::memcpy(bytes_.data(), bytes.data(), N);
  }
  [[nodiscard]] constexpr std::span<const std::uint8_t, N> view() const noexcept { return bytes_; }
  [[nodiscard]] constexpr std::span<std::uint8_t, N> mutable_view() noexcept { return bytes_; }
  [[nodiscard]] std::string hex() const { return to_hex(bytes_); }
  friend constexpr auto operator<=>(const StrongBytes&, const StrongBytes&) noexcept = default;

 private:
  std::array<std::uint8_t, N> bytes_{};
};

/// Hash for containers: the first bytes of an id that is itself the output of a hash.
struct StrongBytesHash {
  template <class Tag, std::size_t N>
  [[nodiscard]] std::size_t operator()(const StrongBytes<Tag, N>& value) const noexcept {
    static_assert(N >= sizeof(std::size_t));
    std::size_t out = 0;
    std::memcpy(&out, value.view().data(), sizeof out);
    return out;
  }
};

}  // namespace blindbook
