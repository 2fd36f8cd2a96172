#include "blindbook/contact/text_encoding.h"

#include <catch2/catch.hpp>

#include "blindbook/base/utf8.h"

namespace blindbook::contact {
namespace {

using namespace std::string_view_literals;

TEST_CASE("utf-8 stays as it is whatever its charset is not") {
  CHECK(decoded_text("J\u00f6rg \u20ac") == "J\u00f6rg \u20ac");
  CHECK(decoded_text("").empty());
}

TEST_CASE("bytes of which none was meant as utf-8 are windows-1252") {
  CHECK(decoded_text("J\xF6rg") == "J\u00f6rg");
  CHECK(decoded_text("Andr\xE9") == "Andr\u00e9");
  CHECK(decoded_text("\x80 \x93x\x94 \x9F") == "\u20ac \u201cx\u201d \u0178");
}

TEST_CASE("damaged utf-8 is repaired and not taken for windows-1252") {
  CHECK(decoded_text("J\u00f6rg\xC3") == "J\u00f6rg\uFFFD");
  CHECK(decoded_text("\xFF\u20ac") == "\uFFFD\u20ac");
}

TEST_CASE("a stated charset is obeyed") {
  CHECK(decoded_text("\xC3\xB6", Charset::kWindows1252) == "\u00c3\u00b6");
  CHECK(decoded_text("\xA4\xA6\xA8\xB4\xB8\xBC\xBD\xBE\xE4", Charset::kIso8859_15) ==
        "\u20ac\u0160\u0161\u017d\u017e\u0152\u0153\u0178\u00e4");
}

TEST_CASE("every byte of a code page becomes valid utf-8 without controls of its own") {
  for (const Charset charset : {Charset::kWindows1252, Charset::kIso8859_15}) {
    for (int byte = 0x80; byte <= 0xFF; ++byte) {
      const std::string text = decoded_text(std::string(1, static_cast<char>(byte)), charset);
      CAPTURE(byte, text);
      CHECK(is_valid_utf8(text));
      if (charset == Charset::kWindows1252) {
        CHECK_FALSE(is_control_or_bidi(next_code_point(text).value));
      }
    }
  }
}

TEST_CASE("charsets are known by their usual names in any case") {
  CHECK(charset_named("iso-8859-1") == Charset::kWindows1252);
  CHECK(charset_named("Windows-1252") == Charset::kWindows1252);
  CHECK(charset_named("ISO-8859-15") == Charset::kIso8859_15);
  CHECK(charset_named("UTF-8") == Charset::kUnstated);
  CHECK(charset_named("KOI8-R") == Charset::kUnstated);
  CHECK(charset_named("") == Charset::kUnstated);
}

TEST_CASE("utf-16 is known by its mark or by the zeros of two ascii characters") {
  CHECK(utf16_byte_order(bytes_of("\xFF\xFE"sv)) == ByteOrder::kLittleEndian);
  CHECK(utf16_byte_order(bytes_of("\xFE\xFF"sv)) == ByteOrder::kBigEndian);
  CHECK(utf16_byte_order(bytes_of("d\0n\0"sv)) == ByteOrder::kLittleEndian);
  CHECK(utf16_byte_order(bytes_of("\0d\0n"sv)) == ByteOrder::kBigEndian);
}

TEST_CASE("what has no two ascii characters in front is not utf-16") {
  for (const std::string_view text : {""sv, "d"sv, "d\0"sv, "d\0n"sv, "dn: "sv, "\0\0\0\0"sv, "d\0\0\0"sv,
                                      "\xF6\0r\0"sv, "\xEF\xBB\xBF"sv, "\xFF"sv}) {
    CAPTURE(text);
    CHECK_FALSE(utf16_byte_order(bytes_of(text)).has_value());
  }
}

TEST_CASE("utf-16 becomes utf-8 without its mark") {
  CHECK(utf8_from_utf16(bytes_of("\xFF\xFE\xF6\0\xAC\x20"sv), ByteOrder::kLittleEndian) == "\u00f6\u20ac");
  CHECK(utf8_from_utf16(bytes_of("\xFE\xFF\0\xF6\x20\xAC"sv), ByteOrder::kBigEndian) == "\u00f6\u20ac");
  CHECK(utf8_from_utf16(bytes_of("\xD8\x3D\xDE\x00"sv), ByteOrder::kBigEndian) == "\U0001F600");
  CHECK(utf8_from_utf16({}, ByteOrder::kBigEndian).empty());
}

TEST_CASE("what is broken in utf-16 becomes the replacement character") {
  CHECK(utf8_from_utf16(bytes_of("\xD8\x3D\0a"sv), ByteOrder::kBigEndian) == "\uFFFDa");
  CHECK(utf8_from_utf16(bytes_of("\xDE\x00\xD8\x3D"sv), ByteOrder::kBigEndian) == "\uFFFD\uFFFD");
  CHECK(utf8_from_utf16(bytes_of("\0a\0"sv), ByteOrder::kBigEndian) == "a\uFFFD");
}

}  // namespace
}  // namespace blindbook::contact
