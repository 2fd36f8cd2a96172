#include "blindbook/contact/quoted_printable.h"

#include <catch2/catch.hpp>

namespace blindbook::contact {
namespace {

TEST_CASE("quoted-printable is decoded with hex digits of either case") {
  CHECK(decoded_quoted_printable("J=C3=B6rg=20=2b=2B") == "J\u00f6rg ++");
  CHECK(decoded_quoted_printable("").empty());
}

TEST_CASE("an equals sign without two hex digits is kept") {
  CHECK(decoded_quoted_printable("a=b =4 =zz =4g =") == "a=b =4 =zz =4g =");
  CHECK(decoded_quoted_printable("==41") == "=A");
}

TEST_CASE("a soft line break is an equals sign at the end or before white space at the end") {
  CHECK(before_soft_break("abc=") == "abc");
  CHECK(before_soft_break("abc= \t ") == "abc");
  CHECK(before_soft_break("=") == "");
  CHECK_FALSE(before_soft_break("abc").has_value());
  CHECK_FALSE(before_soft_break("a=b").has_value());
  CHECK_FALSE(before_soft_break("").has_value());
  CHECK_FALSE(before_soft_break("  ").has_value());
}

}  // namespace
}  // namespace blindbook::contact
