#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "blindbook/base/bytes.h"

/// How the text of address books is encoded: UTF-8 as a rule, UTF-16 as old versions of macOS and
/// spreadsheets write it, and the single-byte code pages of Western Europe that Outlook and old phones write
/// without a word.
namespace blindbook::contact {

/// A single-byte code page, where one is stated.
enum class Charset {
  kUnstated,     ///< Nothing is said, or UTF-8, or a name not known here: the bytes decide.
  kWindows1252,  ///< Also for ISO-8859-1, of which it is a superset in print (WHATWG Encoding, section 4.2).
  kIso8859_15,
};

/// What the value of a CHARSET parameter (vCard 2.1, section 2.1.6) stands for; ASCII case does not matter.
[[nodiscard]] Charset charset_named(std::string_view name) noexcept;

/// `bytes` as valid UTF-8. Of bytes whose charset is unstated: if they are UTF-8 they stay as they are; if
/// not, but with a character of several bytes among them, they are damaged UTF-8, and what is bad becomes
/// U+FFFD; else no byte above 0x7F was meant as UTF-8, and they are windows-1252. The five bytes without a
/// meaning in windows-1252 become U+FFFD.
[[nodiscard]] std::string decoded_text(std::string_view bytes, Charset charset = Charset::kUnstated);

enum class ByteOrder { kLittleEndian, kBigEndian };

/// The order of the bytes of `file` if it is UTF-16 (RFC 2781): by its byte order mark; else, since every
/// format of address books begins with two ASCII characters, by the zeros among the first four bytes.
[[nodiscard]] std::optional<ByteOrder> utf16_byte_order(ByteView file) noexcept;

/// UTF-16 `file` as UTF-8, without its byte order mark: at most one and a half times its size. Unpaired
/// surrogates and an odd last byte become U+FFFD.
[[nodiscard]] std::string utf8_from_utf16(ByteView file, ByteOrder order);

}  // namespace blindbook::contact
