#include "blindbook/contact/content_line.h"

#include <vector>

#include <catch2/catch.hpp>

namespace blindbook::contact {
namespace {

std::vector<UnfoldedLine> unfold(std::string_view text) {
  std::vector<UnfoldedLine> out;
  LineUnfolder lines(text);
  for (UnfoldedLine line; lines.next(line);) {
    out.push_back(line);
  }
  return out;
}

TEST_CASE("unfolding removes a line end and the one space or tab behind it") {
  const auto lines = unfold("a\r\n b\n\tc\r  d\r\ne");
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].text == "abc d");
  CHECK(lines[0].line == 1);
  CHECK(lines[0].terminated);
  CHECK(lines[1].text == "e");
  CHECK(lines[1].line == 5);
  CHECK_FALSE(lines[1].terminated);
}

TEST_CASE("unfolding keeps a bounded part of a long line and counts its lines") {
  std::string text;
  for (int i = 0; i < 3000; ++i) {
    text += std::string(70, 'x') + "\n ";
  }
  const auto lines = unfold(text + "\nnext\n");
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].text.size() == kMaxContentLine);
  CHECK(lines[1].text == "next");
  CHECK(lines[1].line == 3002);
}

TEST_CASE("a content line splits at the first colon outside quotes") {
  const auto line = parse_content_line("item1.TEL;X=\"a:b;c\";TYPE=cell:tel:+49");
  REQUIRE(line.has_value());
  CHECK(line->name == "TEL");
  CHECK(line->parameters == "X=\"a:b;c\";TYPE=cell");
  CHECK(line->value == "tel:+49");
}

TEST_CASE("a content line with a quote that is not closed splits at its first colon") {
  const auto line = parse_content_line("TEL;X=\"a:030");
  REQUIRE(line.has_value());
  CHECK(line->name == "TEL");
  CHECK(line->value == "030");
}

TEST_CASE("a line without a colon is no content line") {
  CHECK_FALSE(parse_content_line("TEL;TYPE=cell").has_value());
  CHECK_FALSE(parse_content_line("").has_value());
}

TEST_CASE("types are found in lists and quoted lists and bare parameters") {
  CHECK(has_type("TYPE=home,FAX", "FAX"));
  CHECK(has_type("PREF=1;type=\"voice, fax\"", "FAX"));
  CHECK(has_type("HOME;Fax", "FAX"));
  CHECK(has_type("TYPE=\"fax\"", "FAX"));
  CHECK_FALSE(has_type("TYPE=faxes", "FAX"));
  CHECK_FALSE(has_type("X=FAX", "FAX"));
  CHECK_FALSE(has_type("X=\"a;FAX;b\"", "FAX"));
  CHECK_FALSE(has_type("", "FAX"));
}

}  // namespace
}  // namespace blindbook::contact
