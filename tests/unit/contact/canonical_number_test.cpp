#include "blindbook/contact/canonical_number.h"

#include <string>

#include <catch2/catch.hpp>

namespace blindbook::contact {
namespace {

TEST_CASE("fictional numbers in their final form are canonical") {
  for (const char* text :
       {"+491713920012", "+493023125006", "+33639981234", "+12125550123", "+442079460123", "+39060000000"}) {
    CAPTURE(text);
    CHECK(is_canonical_number(text));
  }
}

TEST_CASE("only a plus and seven to fifteen digits are canonical") {
  for (const char* text : {"", "+", "491713920012", "+49 1713920012", " +491713920012", "+491713920012 ",
                           "tel:+491713920012", "++491713920012", "+49171392001x", "+49171392001\xD9\xA2",
                           "\uFF0B491713920012", "+491234", "+4917139200123456"}) {
    CAPTURE(text);
    CHECK_FALSE(is_canonical_number(text));
  }
  CHECK_FALSE(is_canonical_number(std::string("+49171392001\0", 13)));
}

TEST_CASE("a number without a country code is not canonical") {
  CHECK_FALSE(is_canonical_number("+0491713920012"));
  CHECK_FALSE(is_canonical_number("+999123456789"));
}

TEST_CASE("a number that may carry a national prefix is left to the library") {
  for (const char* text : {
           "+4901713920012",  // Germany: 0
           "+112125550123",   // North America: 1
           "+5215500000000",  // Mexico: the former 1 of mobiles
           "+541115000000",   // Argentina: 15 behind the area code
           "+78000000000",    // Russia: 8
           "+378800000",      // San Marino: six digits that begin with 8 or 9
       }) {
    CAPTURE(text);
    CHECK_FALSE(is_canonical_number(text));
  }
}

TEST_CASE("digits like a prefix further inside do not matter") {
  CHECK(is_canonical_number("+5491100000000"));
  CHECK(is_canonical_number("+541100000000"));
  CHECK(is_canonical_number("+390600000000"));
}

TEST_CASE("a length that its country does not have is not canonical") {
  CHECK_FALSE(is_canonical_number("+3363998123"));
  CHECK_FALSE(is_canonical_number("+336399812345"));
  CHECK_FALSE(is_canonical_number("+15550123"));  // local only
}

TEST_CASE("a length that short numbers have is left to the library") {
  CHECK_FALSE(is_canonical_number("+49116117"));
  CHECK_FALSE(is_canonical_number("+49300000"));
}

}  // namespace
}  // namespace blindbook::contact
