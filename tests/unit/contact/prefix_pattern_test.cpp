#include "blindbook/contact/prefix_pattern.h"

#include <string>

#include <catch2/catch.hpp>

namespace blindbook::contact {
namespace {

bool may_take(std::string_view expression, std::string_view digits) {
  CAPTURE(expression, digits);
  return PrefixPattern(expression).may_take_from(digits);
}

TEST_CASE("a prefix pattern takes what stands in front") {
  CHECK(may_take("0", "0171"));
  CHECK_FALSE(may_take("0", "1710"));
  CHECK_FALSE(may_take("0", ""));
  CHECK(may_take("06", "06123"));
  CHECK_FALSE(may_take("06", "0"));
  CHECK_FALSE(may_take("06", "01"));
}

TEST_CASE("a prefix pattern knows classes of digits") {
  CHECK(may_take("[08]", "8123"));
  CHECK_FALSE(may_take("[08]", "1238"));
  CHECK(may_take("[1-46-8]", "4"));
  CHECK_FALSE(may_take("[1-46-8]", "5"));
  CHECK(may_take("\\d", "5"));
  CHECK(may_take("[\\d]", "5"));
}

TEST_CASE("a prefix pattern knows alternatives and groups") {
  CHECK(may_take("0|80?", "812"));
  CHECK(may_take("0|(1001)", "10012"));
  CHECK_FALSE(may_take("0|(1001)", "10021"));
  CHECK(may_take("(?:0|90)(?:(1[245]|31)(\\d{2}))?", "9123") == false);
  CHECK(may_take("(?:0|90)(?:(1[245]|31)(\\d{2}))?", "9012"));
  CHECK_FALSE(may_take("", "123"));
  CHECK_FALSE(may_take("(?:)", "123"));
}

TEST_CASE("a prefix pattern knows how often a part may come") {
  CHECK_FALSE(may_take("1?", "2"));
  CHECK(may_take("1?", "1"));
  CHECK_FALSE(may_take("1*", "2"));
  CHECK(may_take("21*3", "211113"));
  CHECK_FALSE(may_take("1+", "2"));
  CHECK(may_take("2\\d{3}", "2000"));
  CHECK_FALSE(may_take("2\\d{3}", "200"));
  CHECK(may_take("2\\d{3,}", "200000"));
  CHECK(may_take("21{2,3}4", "21114"));
  CHECK_FALSE(may_take("21{2,3}4", "211114"));
  CHECK_FALSE(may_take("21{2,3}4", "214"));
}

TEST_CASE("a match of nothing takes nothing though a longer one would begin the same") {
  const std::string argentina = "0?(?:(11|2(?:2(?:02?|[13])|80)|3(?:6|8[2578]))15)?";
  CHECK_FALSE(may_take(argentina, "91112345678"));
  CHECK_FALSE(may_take(argentina, "1112345678"));
  CHECK(may_take(argentina, "1115345678"));
  CHECK(may_take(argentina, "2202153456"));
  CHECK_FALSE(may_take(argentina, "2202163456"));
}

TEST_CASE("the end of the number counts") {
  CHECK(may_take("([89]\\d{5})$", "812345"));
  CHECK_FALSE(may_take("([89]\\d{5})$", "8123456"));
  CHECK_FALSE(may_take("$", ""));
}

TEST_CASE("what a prefix pattern cannot read may take anything") {
  for (const char* expression :
       {"(?=0)",  "(?!0)1", "^0",     "[^0]",  "0??",   "0*+", "0{1,2}?", ".",   "\\w",
        "(0)\\1", "(0",     "0)",     "[0",    "[9-0]", "[0-", "[]",      "[a]", "0{",
        "0{1",    "0{,2}",  "0{2,1}", "0{99}", "\\",    "x",   "*",       "0 ",  "|+"}) {
    CHECK(may_take(expression, "555"));
  }
  CHECK(may_take(std::string(100'000, '('), "555"));
}

TEST_CASE("more digits than any number has may lose some") {
  CHECK_FALSE(may_take("0", std::string(PrefixPattern::kMaxDigits, '1')));
  CHECK(may_take("0", std::string(PrefixPattern::kMaxDigits + 1, '1')));
  CHECK(may_take("1{31}", std::string(PrefixPattern::kMaxDigits, '1')));
}

TEST_CASE("a copy of a prefix pattern takes what the first one takes") {
  const PrefixPattern first("0(?:1|23)?");
  const PrefixPattern copy = first;  // NOLINT(performance-unnecessary-copy-initialization): the subject
  CHECK(copy.may_take_from("0"));
  CHECK_FALSE(copy.may_take_from("1"));
}

}  // namespace
}  // namespace blindbook::contact
