#include "blindbook/contact/text_encoding.h"

#include <array>
#include <cstddef>
#include <cstdint>

#include "blindbook/base/utf8.h"
#include "blindbook/contact/ascii.h"

namespace blindbook::contact {
namespace {

/// Bytes 0x80 to 0x9F of windows-1252, the only ones that are not the code point of their own value.
constexpr std::array<char32_t, 32> kWindows1252 = {
    U'\u20AC', U'\uFFFD', U'\u201A', U'\u0192', U'\u201E', U'\u2026', U'\u2020', U'\u2021',
    U'\u02C6', U'\u2030', U'\u0160', U'\u2039', U'\u0152', U'\uFFFD', U'\u017D', U'\uFFFD',
    U'\uFFFD', U'\u2018', U'\u2019', U'\u201C', U'\u201D', U'\u2022', U'\u2013', U'\u2014',
    U'\u02DC', U'\u2122', U'\u0161', U'\u203A', U'\u0153', U'\uFFFD', U'\u017E', U'\u0178'};

char32_t windows_1252(unsigned char byte) {
  return byte >= 0x80 && byte <= 0x9F ? kWindows1252[byte - 0x80U] : byte;
}

/// ISO-8859-15 differs from ISO-8859-1 in eight places.
char32_t iso_8859_15(unsigned char byte) {
  switch (byte) {
    case 0xA4:
      return U'\u20AC';
    case 0xA6:
      return U'\u0160';
    case 0xA8:
      return U'\u0161';
    case 0xB4:
      return U'\u017D';
    case 0xB8:
      return U'\u017E';
    case 0xBC:
      return U'\u0152';
    case 0xBD:
      return U'\u0153';
    case 0xBE:
      return U'\u0178';
    default:
      return byte;
  }
}

template <class CodePointOf>
std::string from_single_bytes(std::string_view bytes, CodePointOf code_point_of) {
  std::string out;
  out.reserve(bytes.size());
  for (const char byte : bytes) {
    append_utf8(out, code_point_of(static_cast<unsigned char>(byte)));
  }
  return out;
}

std::string of_unstated_charset(std::string_view bytes) {
  bool valid = true;
  bool has_long_character = false;
  for (std::string_view rest = bytes; !rest.empty();) {
    const CodePoint point = next_code_point(rest);
    valid = valid && point.valid;
    has_long_character = has_long_character || (point.valid && point.size > 1);
    rest.remove_prefix(point.size);
  }
  if (valid) {
    return std::string(bytes);
  }
  return has_long_character ? repaired_utf8(bytes) : from_single_bytes(bytes, windows_1252);
}

std::size_t utf8_size(char32_t value) {
  return value < 0x80 ? 1 : value < 0x800 ? 2 : value < 0x10000 ? 3 : 4;
}

/// Calls `use` with each code point; U+FFFD for what is none.
template <class Use>
void for_each_code_point(ByteView file, ByteOrder order, Use use) {
  const std::size_t high = order == ByteOrder::kBigEndian ? 0 : 1;
  const auto unit = [&](std::size_t at) {
    return static_cast<char32_t>(file[at + high] << 8U | file[at + 1 - high]);
  };
  const auto is_surrogate = [](char32_t value, char32_t first) { return value >> 10U == first >> 10U; };
  std::size_t at = 0;
  while (at + 2 <= file.size()) {
    const char32_t lead = unit(at);
    at += 2;
    if (is_surrogate(lead, 0xD800) && at + 2 <= file.size() && is_surrogate(unit(at), 0xDC00)) {
      use(0x10000 + ((lead & 0x3FFU) << 10U | (unit(at) & 0x3FFU)));
      at += 2;
    } else {
      use(is_surrogate(lead, 0xD800) || is_surrogate(lead, 0xDC00) ? kReplacementCharacter : lead);
    }
  }
  if (at < file.size()) {
    use(kReplacementCharacter);
  }
}

}  // namespace

Charset charset_named(std::string_view name) noexcept {
  for (const std::string_view known :
       {"ISO-8859-1", "ISO8859-1", "ISO_8859-1", "LATIN1", "WINDOWS-1252", "CP1252"}) {
    if (equals_ignoring_case(name, known)) {
      return Charset::kWindows1252;
    }
  }
  for (const std::string_view known : {"ISO-8859-15", "ISO8859-15", "ISO_8859-15", "LATIN9"}) {
    if (equals_ignoring_case(name, known)) {
      return Charset::kIso8859_15;
    }
  }
  return Charset::kUnstated;
}

std::string decoded_text(std::string_view bytes, Charset charset) {
  switch (charset) {
    case Charset::kWindows1252:
      return from_single_bytes(bytes, windows_1252);
    case Charset::kIso8859_15:
      return from_single_bytes(bytes, iso_8859_15);
    case Charset::kUnstated:
      break;
  }
  return of_unstated_charset(bytes);
}

std::optional<ByteOrder> utf16_byte_order(ByteView file) noexcept {
  if (file.size() >= 2 && file[0] == 0xFF && file[1] == 0xFE) {
    return ByteOrder::kLittleEndian;
  }
  if (file.size() >= 2 && file[0] == 0xFE && file[1] == 0xFF) {
    return ByteOrder::kBigEndian;
  }
  if (file.size() < 4) {
    return std::nullopt;
  }
  const auto is_ascii = [](std::uint8_t byte) { return byte > 0 && byte < 0x80; };
  if (is_ascii(file[0]) && file[1] == 0 && is_ascii(file[2]) && file[3] == 0) {
    return ByteOrder::kLittleEndian;
  }
  if (file[0] == 0 && is_ascii(file[1]) && file[2] == 0 && is_ascii(file[3])) {
    return ByteOrder::kBigEndian;
  }
  return std::nullopt;
}

std::string utf8_from_utf16(ByteView file, ByteOrder order) {
  if (file.size() >= 2 && file[0] + file[1] == 0xFF + 0xFE) {
    file = file.subspan(2);
  }
  // Counted first, so that a large file is not held twice while a buffer grows.
  std::size_t size = 0;
  for_each_code_point(file, order, [&](char32_t value) { size += utf8_size(value); });
  std::string out;
  out.reserve(size);
  for_each_code_point(file, order, [&](char32_t value) { append_utf8(out, value); });
  return out;
}

}  // namespace blindbook::contact
