#include "blindbook/service/http/ip_address.h"

#include <algorithm>
#include <charconv>
#include <string>

#include <arpa/inet.h>

namespace blindbook::service::http {
namespace {

constexpr unsigned kByteBits = 8;
constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr std::size_t kLineBytes = 8;

/// Bit `at` of the address, counted from its beginning.
bool bit(const IpAddress& address, unsigned at) {
  return ((address.bytes().at(at / kByteBits) >> (kByteBits - 1 - at % kByteBits)) & 1U) != 0;
}

}  // namespace

IpAddress IpAddress::from_v4(std::span<const std::uint8_t, kV4Bytes> bytes) noexcept {
  IpAddress out;
  std::copy(bytes.begin(), bytes.end(), std::copy(kMapped.begin(), kMapped.end(), out.bytes_.begin()));
  return out;
}

IpAddress IpAddress::from_v6(std::span<const std::uint8_t, kV6Bytes> bytes) noexcept {
  IpAddress out;
  std::copy(bytes.begin(), bytes.end(), out.bytes_.begin());
  return out;
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  const std::string copy(text);  // with an end
  if (copy.find('\0') != std::string::npos) {
    return std::nullopt;
  }
  std::array<std::uint8_t, kV6Bytes> bytes{};
  if (::inet_pton(AF_INET, copy.c_str(), bytes.data()) == 1) {
    return from_v4(std::span(bytes).first<kV4Bytes>());
  }
  if (::inet_pton(AF_INET6, copy.c_str(), bytes.data()) == 1) {
    return from_v6(bytes);
  }
  return std::nullopt;
}

bool IpAddress::is_v4() const noexcept {
  return std::equal(kMapped.begin(), kMapped.end(), bytes_.begin());
}

bool IpAddress::is_loopback() const noexcept {
  constexpr std::uint8_t kLoopbackNet = 127;
  return is_v4() ? bytes_[kMapped.size()] == kLoopbackNet
                 : bytes_.back() == 1 && std::all_of(bytes_.begin(), bytes_.end() - 1,
                                                     [](std::uint8_t byte) { return byte == 0; });
}

IpAddress IpAddress::line() const noexcept {
  IpAddress out = *this;
  if (!is_v4()) {
    std::fill(out.bytes_.begin() + kLineBytes, out.bytes_.end(), std::uint8_t{0});
  }
  return out;
}

std::optional<IpNetwork> IpNetwork::parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::optional<IpAddress> first = IpAddress::parse(text.substr(0, slash));
  if (!first) {
    return std::nullopt;
  }
  constexpr unsigned kBits = IpAddress::kV6Bytes * kByteBits;
  unsigned bits = kBits;
  if (slash != std::string_view::npos) {
    // An IPv4-mapped address in its long form counts from the beginning of what is written.
    const bool short_form = text.substr(0, slash).find(':') == std::string_view::npos;
    const unsigned before = short_form ? kMapped.size() * kByteBits : 0;
    const std::string_view digits = text.substr(slash + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    if (error != std::errc() || end != digits.data() + digits.size() || bits > kBits - before) {
      return std::nullopt;
    }
    bits += before;
  }
  for (unsigned at = bits; at < kBits; ++at) {
    if (bit(*first, at)) {
      return std::nullopt;
    }
  }
  return IpNetwork(*first, bits);
}

bool IpNetwork::contains(const IpAddress& address) const noexcept {
  for (unsigned at = 0; at < bits_; ++at) {
    if (bit(address, at) != bit(first_, at)) {
      return false;
    }
  }
  return true;
}

}  // namespace blindbook::service::http
