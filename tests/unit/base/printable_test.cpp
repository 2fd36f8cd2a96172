#include "blindbook/base/printable.h"

#include <catch2/catch.hpp>

#include "blindbook/base/utf8.h"

namespace blindbook {
namespace {

using namespace std::string_view_literals;

TEST_CASE("printable text has no escape sequences") {
  CHECK(printable("a\x1B[31mb\x07\x7F") == "a[31mb");
  CHECK(printable("a\xC2\x9B"
                  "31mb") == "a31mb");
  CHECK(printable("a\0b"sv) == "ab");
}

TEST_CASE("printable text has no bidi characters") {
  CHECK(printable("\u202Egnp.exe\u202C \u2067x\u2069\u200F\u061C") == "gnp.exe x");
}

TEST_CASE("printable text is one line") {
  CHECK(printable("a\nb\tc\r\nd\re\u2028f") == "a b c d e f");
}

TEST_CASE("printable text is valid") {
  CHECK(printable("J\xF6rg") == "J\uFFFDrg");
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const std::string text =
          printable(std::string{static_cast<char>(first), static_cast<char>(second), 'x'});
      if (!is_valid_utf8(text) || !text.ends_with('x')) {
        FAIL("bytes " << first << " " << second);
      }
    }
  }
}

TEST_CASE("printable keeps other text as it is") {
  CHECK(printable("J\u00f6rg \u05d0 \U0001F468\u200D\U0001F469 (Mama)") ==
        "J\u00f6rg \u05d0 \U0001F468\u200D\U0001F469 (Mama)");
}

}  // namespace
}  // namespace blindbook
