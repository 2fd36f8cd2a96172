#include "blindbook/base/bytes.h"

namespace blindbook {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kBase64Url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr std::array<std::int16_t, 256> inverse_of(std::string_view alphabet) {
  std::array<std::int16_t, 256> inverse{};
  inverse.fill(-1);
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    inverse[static_cast<unsigned char>(alphabet[i])] = static_cast<std::int16_t>(i);
  }
  return inverse;
}

constexpr auto kHexValue = inverse_of(kHexDigits);
constexpr auto kBase64Value = inverse_of(kBase64Url);

}  // namespace

ByteView bytes_of(std::string_view text) noexcept {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string_view text_of(ByteView bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string to_hex(ByteView bytes) {
  std::string hex;
  hex.reserve(bytes.size() * 2);
  for (const std::uint8_t byte : bytes) {
    hex.push_back(kHexDigits[byte >> 4]);
    hex.push_back(kHexDigits[byte & 15]);
  }
  return hex;
}

std::optional<Bytes> from_hex(std::string_view hex) {
  if (hex.size() % 2 != 0) {
    return std::nullopt;
  }
  Bytes bytes;
  bytes.reserve(hex.size() / 2);
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const int high = kHexValue[static_cast<unsigned char>(hex[i])];
    const int low = kHexValue[static_cast<unsigned char>(hex[i + 1])];
    if (high < 0 || low < 0) {
      return std::nullopt;
    }
    bytes.push_back(static_cast<std::uint8_t>(high * 16 + low));
  }
  return bytes;
}

std::string to_base64url(ByteView bytes) {
  std::string text;
  text.reserve((bytes.size() * 4 + 2) / 3);
  std::uint32_t pending = 0;
  unsigned bits = 0;
  for (const std::uint8_t byte : bytes) {
    pending = (pending << 8 | byte) & 0xffff;
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      text.push_back(kBase64Url[pending >> bits & 63]);
    }
  }
  if (bits > 0) {
    text.push_back(kBase64Url[pending << (6 - bits) & 63]);
  }
  return text;
}

std::optional<Bytes> from_base64url(std::string_view text) {
  if (text.size() % 4 == 1) {
    return std::nullopt;
  }
  Bytes bytes;
  bytes.reserve(text.size() * 3 / 4);
  std::uint32_t pending = 0;
  unsigned bits = 0;
  for (const char c : text) {
    const int value = kBase64Value[static_cast<unsigned char>(c)];
    if (value < 0) {
      return std::nullopt;
    }
    pending = (pending << 6 | static_cast<std::uint32_t>(value)) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes.push_back(static_cast<std::uint8_t>(pending >> bits));
    }
  }
  if ((pending & ((1U << bits) - 1)) != 0) {
    return std::nullopt;
  }
  return bytes;
}

ByteWriter& ByteWriter::u8(std::uint8_t value) {
  bytes_.push_back(value);
  return *this;
}
ByteWriter& ByteWriter::u16(std::uint16_t value) {
  return u8(static_cast<std::uint8_t>(value >> 8)).u8(static_cast<std::uint8_t>(value));
}
ByteWriter& ByteWriter::u32(std::uint32_t value) {
  return u16(static_cast<std::uint16_t>(value >> 16)).u16(static_cast<std::uint16_t>(value));
}
ByteWriter& ByteWriter::u64(std::uint64_t value) {
  return u32(static_cast<std::uint32_t>(value >> 32)).u32(static_cast<std::uint32_t>(value));
}
ByteWriter& ByteWriter::raw(ByteView bytes) {
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  return *this;
}
ByteWriter& ByteWriter::raw(std::string_view text) {
  return raw(bytes_of(text));
}
ByteWriter& ByteWriter::framed16(ByteView bytes) {
  return u16(static_cast<std::uint16_t>(bytes.size())).raw(bytes);
}

ByteView ByteReader::raw(std::size_t size) noexcept {
  if (failed_ || size > rest_.size()) {
    failed_ = true;
    return {};
  }
  const ByteView taken = rest_.first(size);
  rest_ = rest_.subspan(size);
  return taken;
}

std::uint8_t ByteReader::u8() noexcept {
  const ByteView b = raw(1);
  return b.empty() ? std::uint8_t{0} : b[0];
}
std::uint16_t ByteReader::u16() noexcept {
  const ByteView b = raw(2);
  return b.empty() ? std::uint16_t{0} : static_cast<std::uint16_t>(b[0] << 8 | b[1]);
}
std::uint32_t ByteReader::u32() noexcept {
  const ByteView b = raw(4);
  std::uint32_t value = 0;
  for (const std::uint8_t byte : b) {
    value = value << 8 | byte;
  }
  return value;
}
std::uint64_t ByteReader::u64() noexcept {
  const ByteView b = raw(8);
  std::uint64_t value = 0;
  for (const std::uint8_t byte : b) {
    value = value << 8 | byte;
  }
  return value;
}
ByteView ByteReader::framed16() noexcept {
  const std::size_t size = u16();
  return raw(size);
}
bool ByteReader::accept(std::string_view magic) noexcept {
  if (failed_ || magic.size() > rest_.size() || text_of(rest_.first(magic.size())) != magic) {
    return false;
  }
  rest_ = rest_.subspan(magic.size());
  return true;
}

}  // namespace blindbook
