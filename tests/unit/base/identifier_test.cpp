#include "blindbook/base/identifier.h"

#include <unordered_set>

#include <catch2/catch.hpp>

using namespace blindbook;

TEST_CASE("an identifier keeps its parts") {
  const auto identifier = Identifier::parse("tel:+493023125000");
  REQUIRE(identifier);
  CHECK(identifier->text() == "tel:+493023125000");
  CHECK(identifier->e164() == "+493023125000");
  CHECK(text_of(identifier->bytes()) == "tel:+493023125000");
  CHECK(*Identifier::from_e164("+493023125000") == *identifier);
}

TEST_CASE("an identifier has seven to fifteen digits") {
  CHECK_FALSE(Identifier::from_e164("+493023"));
  CHECK(Identifier::from_e164("+4930231"));
  CHECK(Identifier::from_e164("+493023125000123"));
  CHECK_FALSE(Identifier::from_e164("+4930231250001234"));
}

TEST_CASE("anything but tel plus digits is bad input") {
  for (const std::string_view text :
       {"", "tel:", "+493023125000", "TEL:+493023125000", "tel:493023125000", "tel:+093023125000",
        "tel:+4930 23125000", "tel:+49302312500x", "tel:+493023125000 ", " tel:+493023125000",
        "tel:+493023125000;ext=1", "sms:+493023125000", "tel:++493023125000"}) {
    INFO(text);
    const auto identifier = Identifier::parse(text);
    REQUIRE_FALSE(identifier);
    CHECK(identifier.error().fault == Fault::kBadInput);
    CHECK(identifier.error().rule == "identifier.syntax");
  }
  CHECK_FALSE(Identifier::parse(std::string_view("tel:+493023125000\0", 18)));
}

TEST_CASE("an error never repeats the number") {
  const auto identifier = Identifier::parse("tel:+4930 23125000");
  REQUIRE_FALSE(identifier);
  CHECK(identifier.error().message.find("23125") == std::string::npos);
}

TEST_CASE("equal identifiers hash alike") {
  std::unordered_set<Identifier, IdentifierHash> set;
  set.insert(*Identifier::from_e164("+493023125000"));
  set.insert(*Identifier::parse("tel:+493023125000"));
  set.insert(*Identifier::parse("tel:+493023125001"));
  CHECK(set.size() == 2);
}
