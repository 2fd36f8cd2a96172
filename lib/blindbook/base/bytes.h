#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace blindbook {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;
using MutableBytes = std::span<std::uint8_t>;

/// The bytes of `text`; the view lives as long as the text does.
[[nodiscard]] ByteView bytes_of(std::string_view text) noexcept;
/// `bytes` read as text; the view lives as long as the bytes do.
[[nodiscard]] std::string_view text_of(ByteView bytes) noexcept;

/// Lower-case hex of `bytes`.
[[nodiscard]] std::string to_hex(ByteView bytes);
/// Bytes of lower-case hex; nothing on odd length or any other character, upper case included.
[[nodiscard]] std::optional<Bytes> from_hex(std::string_view hex);

/// base64url without padding (RFC 4648 section 5).
[[nodiscard]] std::string to_base64url(ByteView bytes);
/// Bytes of base64url without padding. Nothing on padding, other characters, impossible lengths or non-zero
/// trailing bits, so that every byte string has exactly one encoding.
[[nodiscard]] std::optional<Bytes> from_base64url(std::string_view text);

/// Appends big-endian integers and byte strings to a buffer (RFC 8017 I2OSP).
class ByteWriter {
 public:
  ByteWriter& u8(std::uint8_t value);
  ByteWriter& u16(std::uint16_t value);
  ByteWriter& u32(std::uint32_t value);
  ByteWriter& u64(std::uint64_t value);
  ByteWriter& raw(ByteView bytes);
  ByteWriter& raw(std::string_view text);
  /// Length in two bytes, then the bytes. `bytes` must be shorter than 2^16.
  ByteWriter& framed16(ByteView bytes);

  [[nodiscard]] ByteView view() const noexcept { return bytes_; }
  [[nodiscard]] Bytes take() && { return std::move(bytes_); }
  void reserve(std::size_t size) { bytes_.reserve(size); }

 private:
  Bytes bytes_;
};

/// Reads what ByteWriter wrote. A read past the end sets `failed()`, yields zeros and consumes nothing, so
/// that a parser may read a whole header and ask once. Views returned point into the bytes given to the
/// constructor.
class ByteReader {
 public:
  explicit ByteReader(ByteView bytes) noexcept : rest_(bytes) {}

  [[nodiscard]] std::uint8_t u8() noexcept;
  [[nodiscard]] std::uint16_t u16() noexcept;
  [[nodiscard]] std::uint32_t u32() noexcept;
  [[nodiscard]] std::uint64_t u64() noexcept;
  /// The next `size` bytes; an empty view when fewer are left.
  [[nodiscard]] ByteView raw(std::size_t size) noexcept;
  [[nodiscard]] ByteView framed16() noexcept;
  template <std::size_t N>
  [[nodiscard]] std::array<std::uint8_t, N> array() noexcept {
    std::array<std::uint8_t, N> out{};
    const ByteView from = raw(N);
    for (std::size_t i = 0; i < from.size(); ++i) {
      out[i] = from[i];
    }
    return out;
  }
  /// True when the next bytes equal `magic`, which is then consumed.
  [[nodiscard]] bool accept(std::string_view magic) noexcept;

  [[nodiscard]] ByteView rest() const noexcept { return rest_; }
  [[nodiscard]] bool failed() const noexcept { return failed_; }
  /// True when every read succeeded and nothing is left.
  [[nodiscard]] bool finished() const noexcept { return !failed_ && rest_.empty(); }

 private:
  ByteView rest_;
  bool failed_ = false;
};

}  // namespace blindbook
