#include "blindbook/directory/label.h"

#include <string>

#include <catch2/catch.hpp>

using blindbook::directory::is_valid_label;
using blindbook::directory::LabelTemplate;

TEST_CASE("labels are utf-8 text in any script") {
  CHECK(is_valid_label(""));
  CHECK(is_valid_label("@anna:city.example"));
  CHECK(is_valid_label("@j\u00F6rg:city.example"));
  CHECK(is_valid_label("\u0623\u062D\u0645\u062F \U0001F4D6 \U0010FFFF"));
  CHECK(is_valid_label("{}"));
}

TEST_CASE("labels that are not utf-8 are refused") {
  for (const char* text :
       {"\x80", "a\xFF", "\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xED\xA0\x80", "\xF0\x80\x80\x80",
        "\xF4\x90\x80\x80", "\xC3", "\xE2\x82", "\xF0\x9F\x93", "\xF8\x88\x80\x80\x80"}) {
    CHECK(!is_valid_label(text));
  }
}

TEST_CASE("labels with controls or characters that turn text around are refused") {
  for (const std::string& text :
       {std::string("a\0b", 3), std::string("\n"), std::string("\x1B[31m"), std::string("\x7F"),
        std::string("\u0080"), std::string("\u009F"), std::string("\u2028"), std::string("\u2029"),
        std::string("\u061C"), std::string("\u200E"), std::string("\u200F"), std::string("\u202A"),
        std::string("\u202E"), std::string("\u2066"), std::string("\u2069")}) {
    CHECK(!is_valid_label(text));
  }
}

TEST_CASE("a template strips what labels share and fills it in again") {
  const auto shared = LabelTemplate::parse("@{}:city.example").value();
  CHECK(shared.text() == "@{}:city.example");
  CHECK(shared.strip("@anna:city.example") == "anna");
  CHECK(shared.strip("@:city.example") == "");
  CHECK(shared.fill("anna") == "@anna:city.example");
}

TEST_CASE("a label that does not match the template is refused") {
  const auto shared = LabelTemplate::parse("ab{}ba").value();
  for (const char* label : {"", "ab", "aba", "abxab", "xbba", "Abba"}) {
    CHECK(!shared.strip(label));
  }
  CHECK(shared.strip("abba") == "");
}

TEST_CASE("the empty template changes nothing") {
  CHECK(LabelTemplate().strip("anna") == "anna");
  CHECK(LabelTemplate().fill("anna") == "anna");
  CHECK(LabelTemplate::parse("").value().text().empty());
}

TEST_CASE("templates without one place or with other faults are refused") {
  for (const std::string& text :
       {std::string("@"), std::string("{} {}"), std::string("{}{}"), std::string("{"), std::string("{}\n"),
        std::string("{}\xFF"), std::string("{}\u202E"), "{}" + std::string(254, 'x')}) {
    const auto parsed = LabelTemplate::parse(text);
    REQUIRE(!parsed);
    CHECK(parsed.error().rule == "label.template");
    CHECK(parsed.error().fault == blindbook::Fault::kBadInput);
  }
  CHECK(LabelTemplate::parse("{}" + std::string(253, 'x')));
}
