#include "blindbook/base/utf8.h"

#include <catch2/catch.hpp>

namespace blindbook {
namespace {

using namespace std::string_view_literals;

TEST_CASE("every scalar value is encoded and decoded as itself") {
  std::size_t wrong = 0;
  for (char32_t value = 0; value <= 0x10FFFF; ++value) {
    if (value >= 0xD800 && value <= 0xDFFF) {
      continue;
    }
    std::string text;
    append_utf8(text, value);
    const CodePoint point = next_code_point(text);
    wrong +=
        point.valid && point.value == value && point.size == text.size() && is_valid_utf8(text) ? 0U : 1U;
  }
  CHECK(wrong == 0);
}

TEST_CASE("utf-8 rejects overlong forms and surrogates and what is beyond unicode") {
  for (const std::string_view text :
       {"\xC0\x80"sv, "\xC1\xBF"sv, "\xE0\x9F\xBF"sv, "\xF0\x8F\xBF\xBF"sv, "\xED\xA0\x80"sv,
        "\xED\xBF\xBF"sv, "\xF4\x90\x80\x80"sv, "\xF5\x80\x80\x80"sv, "\x80"sv, "\xFF"sv}) {
    CHECK_FALSE(is_valid_utf8(text));
  }
}

TEST_CASE("utf-8 rejects sequences that end early") {
  for (const std::string_view text :
       {"\xC3"sv, "\xE2\x82"sv, "\xF0\x9F\x98"sv, "\xE2\x82x"sv, "\xC3\xC3"sv}) {
    CHECK_FALSE(is_valid_utf8(text));
  }
}

TEST_CASE("what is no scalar value is encoded as the replacement character") {
  for (const char32_t value : {char32_t{0xD800}, char32_t{0xDFFF}, char32_t{0x110000}}) {
    std::string text;
    append_utf8(text, value);
    CHECK(text == "\uFFFD");
  }
}

TEST_CASE("each maximal subpart of a bad sequence is repaired to one replacement character") {
  // The example of Unicode 15, table 3-8 and 3-11.
  CHECK(repaired_utf8("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41") == "\uFFFD\uFFFD\uFFFD\uFFFD\x41");
  CHECK(repaired_utf8("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41") ==
        "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\x41");
  CHECK(repaired_utf8("J\u00f6rg\0x"sv) == "J\u00f6rg\0x"sv);
}

TEST_CASE("controls and bidi characters are told from text") {
  for (const int value : {0x00, 0x1B, 0x7F, 0x80, 0x9B, 0x9F, 0x61C, 0x200E, 0x200F, 0x2028, 0x2029, 0x202A,
                          0x202E, 0x2066, 0x2069}) {
    CHECK(is_control_or_bidi(static_cast<char32_t>(value)));
  }
  for (const int value : {0x20, 0x7E, 0xA0, 0xE4, 0x5D0, 0x200D, 0x2027, 0x202F, 0x2065, 0x206A, 0x1F600}) {
    CHECK_FALSE(is_control_or_bidi(static_cast<char32_t>(value)));
  }
}

}  // namespace
}  // namespace blindbook
