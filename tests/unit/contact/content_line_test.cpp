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

std::string unfolded_first(std::string_view text) {
  return unfold(text).at(0).text;
}

TEST_CASE("a soft break takes the next line as it is") {
  CHECK(unfolded_first("FN;ENCODING=QUOTED-PRINTABLE:a=\r\n b=\r\nTEL:c\r\n") ==
        "FN;ENCODING=QUOTED-PRINTABLE:a bTEL:c");
  CHECK(unfolded_first("FN;QUOTED-PRINTABLE:a= \nb\n c\n") == "FN;QUOTED-PRINTABLE:abc");
  CHECK(unfolded_first("item1.FN;X=\"a:b\";encoding=quoted-printable:a=\nb\n") ==
        "item1.FN;X=\"a:b\";encoding=quoted-printable:ab");
}

TEST_CASE("a quote that is never closed hides neither encodings nor types nor soft breaks") {
  const std::string text = "FN;X=\"a;ENCODING=QUOTED-PRINTABLE:b=\nc\n";
  CHECK(unfolded_first(text) == "FN;X=\"a;ENCODING=QUOTED-PRINTABLE:bc");
  CHECK(is_quoted_printable("X=\"a;ENCODING=QUOTED-PRINTABLE"));
  CHECK(has_type("X=\"a\";Y=\"b;TYPE=cell,fax", "FAX"));
  CHECK(unfold("FN;X=\"a;QUOTED-PRINTABLE:b=\nc\";d:e\n").size() == 1);
  CHECK(unfold("PHOTO;X=\"a;ENCODING=b:AA=\nTEL:1\n").size() == 2);
}

TEST_CASE("soft breaks count lines") {
  const auto lines = unfold("FN;QUOTED-PRINTABLE:a=\nb=\n\nTEL:c\n");
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].text == "FN;QUOTED-PRINTABLE:ab");
  CHECK(lines[1].text == "TEL:c");
  CHECK(lines[1].line == 4);
}

TEST_CASE("an equals sign at the end breaks no line that is not quoted-printable") {
  for (const std::string_view text :
       {"PHOTO;ENCODING=b:AA=\nTEL:1\n", "FN:a=\nTEL:1\n", "FN;X=QUOTED-PRINTABLE:a=\nTEL:1\n",
        "NOTE:ENCODING=QUOTED-PRINTABLE:a=\nTEL:1\n",
        "TEL;X-CUSTOM(ENCODING=QUOTED-PRINTABLE):a=\nTEL:1\n"}) {
    CAPTURE(text);
    CHECK(unfold(text).size() == 2);
  }
}

TEST_CASE("a soft break in front of the edge of a card is none") {
  CHECK(unfold("FN;QUOTED-PRINTABLE:a=\nEND:VCARD\n").size() == 2);
  CHECK(unfold("FN;QUOTED-PRINTABLE:a=\nbegin:vcard\n").size() == 2);
}

TEST_CASE("a line that ends in a soft break at the end of the file is not terminated") {
  for (const std::string_view text : {"FN;QUOTED-PRINTABLE:a=", "FN;QUOTED-PRINTABLE:a=\r\n"}) {
    const auto lines = unfold(text);
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].text == "FN;QUOTED-PRINTABLE:a");
    CHECK_FALSE(lines[0].terminated);
  }
}

TEST_CASE("a line without soft breaks of its format ends where it ends") {
  LineUnfolder lines("a;QUOTED-PRINTABLE:b=\nc: d\n", LineBreaks::kFolds);
  UnfoldedLine line;
  REQUIRE(lines.next(line));
  CHECK(line.text == "a;QUOTED-PRINTABLE:b=");
}

TEST_CASE("a line of very many soft breaks is kept in part") {
  std::string text = "NOTE;QUOTED-PRINTABLE:";
  for (int i = 0; i < 3000; ++i) {
    text += std::string(70, 'x') + "=\n";
  }
  const auto lines = unfold(text + "\nnext\n");
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].text.size() == kMaxContentLine);
  CHECK(lines[1].line == 3002);
}

TEST_CASE("the group of a content line stands before its name") {
  CHECK(parse_content_line("item1.TEL:1")->group == "item1");
  CHECK(parse_content_line("TEL:1.2")->group.empty());
  CHECK(parse_content_line("a.b.TEL:1")->group == "a.b");
}

TEST_CASE("the charset parameter is found in any case and in quotes") {
  CHECK(charset_parameter("ENCODING=8BIT;charset=\"utf-8\"") == "utf-8");
  CHECK(charset_parameter("CHARSET=ISO-8859-1;CELL") == "ISO-8859-1");
  CHECK(charset_parameter("X=CHARSET=a;CELL").empty());
}

}  // namespace
}  // namespace blindbook::contact
