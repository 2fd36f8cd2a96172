#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace blindbook::service::http {

/// An IP address. An IPv4 address is the same as its IPv4-mapped one, ::ffff:a.b.c.d (RFC 4291 section 2.5.5.2).
class IpAddress {
 public:
  static constexpr std::size_t kV4Bytes = 4;
  static constexpr std::size_t kV6Bytes = 16;

  /// ::, which no peer has.
  constexpr IpAddress() = default;
  /// In network order.
  /// @{
  [[nodiscard]] static IpAddress from_v4(std::span<const std::uint8_t, kV4Bytes> bytes) noexcept;
  [[nodiscard]] static IpAddress from_v6(std::span<const std::uint8_t, kV6Bytes> bytes) noexcept;
  /// @}
  /// "192.0.2.1" or "2001:db8::1": no port, brackets or zone. Nothing when it is neither.
  [[nodiscard]] static std::optional<IpAddress> parse(std::string_view text);

  [[nodiscard]] const std::array<std::uint8_t, kV6Bytes>& bytes() const noexcept { return bytes_; }
  [[nodiscard]] bool is_v4() const noexcept;
  /// 127.0.0.0/8 or ::1.
  [[nodiscard]] bool is_loopback() const noexcept;
  /// What stands for all addresses that one line has: the IPv4 address, or the first 64 bits of an IPv6 address.
  [[nodiscard]] IpAddress line() const noexcept;

  friend auto operator<=>(const IpAddress&, const IpAddress&) = default;

 private:
  std::array<std::uint8_t, kV6Bytes> bytes_{};
};

/// Addresses with one beginning.
class IpNetwork {
 public:
  /// "10.0.0.0/8", "2001:db8::/32", or one address. Nothing when it is neither, or when bits behind the beginning are set.
  [[nodiscard]] static std::optional<IpNetwork> parse(std::string_view text);

  [[nodiscard]] bool contains(const IpAddress& address) const noexcept;

 private:
  IpNetwork(const IpAddress& first, unsigned bits) : first_(first), bits_(bits) {}

  IpAddress first_;
  unsigned bits_;  // of 128
};

}  // namespace blindbook::service::http
