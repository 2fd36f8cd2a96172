#include "blindbook/contact/address_book.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>

#include <catch2/catch.hpp>

#include "blindbook/contact/contact_table.h"
#include "blindbook/contact/content_line.h"
#include "blindbook/contact/reject_reason.h"

#include "tests/support/vectors_folder.h"
#include "tests/unit/contact/fixture.h"

namespace blindbook::contact {
namespace {

using test_support::book_fixtures;
using test_support::BookFixture;
using test_support::lines_of;

AddressBook read(std::string_view text, const ReadOptions& options = {}) {
  Result<AddressBook> book = read_address_book(bytes_of(text), options);
  REQUIRE(book.has_value());
  return *std::move(book);
}

std::string card(std::string_view inside) {
  return "BEGIN:VCARD\r\nVERSION:3.0\r\n" + std::string(inside) + "END:VCARD\r\n";
}

TEST_CASE("every address book of the vectors reads as expected") {
  for (const BookFixture& fixture : book_fixtures()) {
    CAPTURE(fixture.name);
    const auto book = read_address_book(bytes_of(fixture.file));
    REQUIRE(book.has_value());
    CHECK(lines_of(book->contacts) == lines_of(fixture.contacts));
    CHECK(lines_of(book->rejects) == lines_of(fixture.rejects));
  }
}

TEST_CASE("every address book of the vectors stands in their list and the list names no other") {
  std::ifstream list(test_support::vectors_folder() + "/contact/README.md");
  REQUIRE(list);
  const std::string text(std::istreambuf_iterator<char>(list), {});
  std::set<std::string> known;
  for (const BookFixture& fixture : book_fixtures()) {
    CAPTURE(fixture.name);
    CHECK(text.find("`" + fixture.name + "`") != std::string::npos);
    known.insert(fixture.name);
  }
  const std::regex name("`([a-z0-9_]+\\.(vcf|csv|ldif))`");
  for (std::sregex_iterator found(text.begin(), text.end(), name); found != std::sregex_iterator(); ++found) {
    CAPTURE(found->str(1));
    CHECK(known.contains(found->str(1)));
  }
}

TEST_CASE("a file in no known format is bad input") {
  for (const std::string_view text :
       {"hello\n", "{\"contacts\": []}", "number,label,discoverable\n", "PK\x03\x04", "<html></html>",
        "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "Phone 1 - Values,Phone  - Value,Phone1 - Value\n",
        "First Name,Last Name,Telex\n", "Mobile Phone,Model,Price\n", "Primary Email,Telephone\n",
        "version: 1\n", "# a comment\n", "mobile: 0171 3920012\n", "\xFF\xFE\x42"}) {
    CAPTURE(text);
    const auto book = read_address_book(bytes_of(text));
    REQUIRE_FALSE(book.has_value());
    CHECK(book.error().fault == Fault::kBadInput);
    CHECK(book.error().rule == "contact.format");
    CHECK_FALSE(book.error().hint.empty());
  }
}

TEST_CASE("a blank file is a book without contacts") {
  CHECK(read("").contacts.empty());
  CHECK(read(" \r\n\n").contacts.empty());
  CHECK(read("\xEF\xBB\xBF\r\n").contacts.empty());
  CHECK(read("\xFF\xFE").contacts.empty());
}

/// A row of Thunderbird's 37 columns with `value` in column `at`.
std::string thunderbird_row(std::size_t at, std::string_view value, std::size_t columns = 37) {
  std::string out;
  for (std::size_t i = 0; i < columns; ++i) {
    out += (i == 0 ? "" : ",") + std::string(i == at ? value : "");
  }
  return out + "\n";
}

bool is_book(std::string_view text) {
  return read_address_book(bytes_of(text)).has_value();
}

TEST_CASE("a table without a header is thunderbird's only where its columns fit") {
  const std::string good = thunderbird_row(11, "0171 3920012");
  REQUIRE(read(good).contacts.at(0).numbers.at(0).value == "0171 3920012");
  CHECK(is_book(good + thunderbird_row(4, "max@city.example")));
  CHECK(is_book(thunderbird_row(11, "0171 3920012", 38)));
  CHECK_FALSE(is_book(thunderbird_row(11, "0171 3920012", 36)));
  CHECK_FALSE(is_book(thunderbird_row(11, "0171 3920012", 39)));
  CHECK_FALSE(is_book(thunderbird_row(37, "notes", 38)));
  CHECK_FALSE(is_book(good + thunderbird_row(11, "0171 3920012", 12)));
  CHECK_FALSE(is_book(good + thunderbird_row(4, "no address")));
  CHECK_FALSE(is_book(good + thunderbird_row(7, "no number")));
  CHECK_FALSE(is_book(good + thunderbird_row(30, "May")));
  CHECK_FALSE(is_book(thunderbird_row(0, "nobody to be reached")));
  CHECK_FALSE(is_book(thunderbird_row(0, "a") + thunderbird_row(12, "b")));
}

TEST_CASE("a header in an unknown language needs a row below it") {
  std::string header = "a";
  for (int i = 1; i < 37; ++i) {
    header += ",x";
  }
  CHECK_FALSE(is_book(header + "\n"));
  const AddressBook book = read(header + "\n" + thunderbird_row(8, "030 23125006"));
  REQUIRE(book.contacts.size() == 1);
  CHECK(book.contacts[0].line == 2);
}

TEST_CASE("rows of a thunderbird table that follow the first ones may be anything") {
  std::string file;
  for (int i = 0; i < 20; ++i) {
    file += thunderbird_row(11, "0171 3920012");
  }
  const AddressBook book = read(file + thunderbird_row(11, "call me"));
  REQUIRE(book.contacts.size() == 21);
  CHECK(book.contacts[20].numbers.at(0).value == "call me");
}

TEST_CASE("a changetype that does not stand at the head of an entry loses nothing") {
  const AddressBook book = read(
      "dn: cn=a\ncn: Erika\nmobile: 0171 3920012\nchangetype: modify\nfax: 030 23125001\n\n"
      "dn: cn=b\ncontrol: 1.2.3\nchangetype: modify\nmobile: 0171 3920011\nfax: 030 23125002\n");
  REQUIRE(book.contacts.size() == 1);
  CHECK(book.contacts[0].numbers.at(0).value == "0171 3920012");
  REQUIRE(book.rejects.size() == 1);
  CHECK(book.rejects[0].value == "030 23125001");
}

TEST_CASE("an outlook header needs a number and somebody to whom it belongs") {
  CHECK(is_book("Vorname;Mobiltelefon\n"));
  CHECK(is_book("E-mail Address,Home Phone\n"));
  CHECK(is_book("COMPANY,BUSINESS PHONE\n"));
  CHECK_FALSE(is_book("Mobiltelefon\n"));
  CHECK_FALSE(is_book("Vorname;Telefonnummer\n"));
}

/// `depth` cards, each the agent of the one before, all written as one text.
std::string agents_as_text(int depth) {
  std::string text = "BEGIN:VCARD\nFN:innermost\nTEL:0171 3920012\nEND:VCARD\n";
  for (int i = 0; i < depth; ++i) {
    std::string escaped;
    for (const char c : text) {
      escaped += c == '\n' ? "\\n" : c == '\\' ? "\\\\" : std::string(1, c);
    }
    text = "BEGIN:VCARD\nFN:outer\nAGENT:" + escaped + "\nEND:VCARD\n";
  }
  return text;
}

TEST_CASE("agents written as text are read four texts deep") {
  const AddressBook four = read(agents_as_text(4));
  REQUIRE(four.contacts.size() == 5);
  CHECK(four.contacts.back().name == "innermost");
  CHECK(four.contacts.back().numbers.size() == 1);
  CHECK(read(agents_as_text(5)).contacts.size() == 5);
}

TEST_CASE("an agent written as text may be folded and have soft breaks") {
  for (const std::string_view agent :
       {"AGENT:BEGIN:VCARD\\nFN:Ot\r\n to\\nTEL:030\r\n  23125001\\nEND:VCARD\r\n",
        "AGENT;ENCODING=QUOTED-PRINTABLE:BEGIN:VCARD=0D=0AFN:Ot=\r\nto=0ATEL:030=\r\n 23125001=0A\r\n"}) {
    CAPTURE(agent);
    const AddressBook book = read(card(agent));
    REQUIRE(book.contacts.size() == 2);
    CHECK(book.contacts[1].name == "Otto");
    CHECK(book.contacts[1].line == 3);
    CHECK(book.contacts[1].numbers.at(0).value == "030 23125001");
  }
}

TEST_CASE("an agent written as text that is too long to be kept loses only what was cut") {
  const std::string padding(kMaxContentLine - 70, 'x');
  const AddressBook book = read(card("AGENT:BEGIN:VCARD\\nTEL:030 23125001\\nNOTE:" + padding +
                                     "\\nTEL:030 231250020000000000000000000\r\nTEL:0171 3920012\r\n"));
  REQUIRE(book.contacts.size() == 2);
  CHECK(book.contacts[0].numbers.size() == 1);
  REQUIRE(book.contacts[1].numbers.size() == 1);
  CHECK(book.contacts[1].numbers[0].value == "030 23125001");
  REQUIRE(book.rejects.size() == 1);
  CHECK(book.rejects[0].reason == RejectReason::kTruncated);
}

TEST_CASE("a header that does not end soon is none") {
  CHECK(is_book("First Name,Mobile Phone," + std::string(kMaxHeader / 2, 'x') + "\n"));
  CHECK_FALSE(is_book("First Name,Mobile Phone," + std::string(kMaxHeader, 'x') + "\n"));
}

TEST_CASE("fax and pager numbers are included on request") {
  const ReadOptions all{.include_fax_and_pager = true};
  std::size_t books = 0;
  for (const BookFixture& fixture : book_fixtures()) {
    CAPTURE(fixture.name);
    const auto count_faxes = [](const std::vector<Reject>& rejects) {
      return std::count_if(rejects.begin(), rejects.end(),
                           [](const Reject& one) { return one.reason == RejectReason::kFaxOrPager; });
    };
    const auto count_numbers = [](const std::vector<Contact>& contacts) {
      std::size_t numbers = 0;
      for (const Contact& one : contacts) {
        numbers += one.numbers.size();
      }
      return numbers;
    };
    const auto faxes = static_cast<std::size_t>(count_faxes(fixture.rejects));
    const AddressBook book = read(fixture.file, all);
    CHECK(count_faxes(book.rejects) == 0);
    CHECK(book.rejects.size() == fixture.rejects.size() - faxes);
    CHECK(count_numbers(book.contacts) == count_numbers(fixture.contacts) + faxes);
    books += faxes > 0 ? 1 : 0;
  }
  CHECK(books > 10);
}

TEST_CASE("a photo of five megabytes leaves the card around it whole") {
  std::string photo = "PHOTO;ENCODING=b:";
  for (int i = 0; i < 70'000; ++i) {
    photo += std::string(74, 'A') + "\r\n ";
  }
  const AddressBook book = read(card("FN:Erika\r\n" + photo + "A\r\nTEL:0171 3920012\r\n"));
  REQUIRE(book.contacts.size() == 1);
  CHECK(book.contacts[0].name == "Erika");
  REQUIRE(book.contacts[0].numbers.size() == 1);
  CHECK(book.contacts[0].numbers[0].line == 70'005);
}

TEST_CASE("a photo of five megabytes on one line leaves the card around it whole") {
  const AddressBook book = read(card("PHOTO:" + std::string(5 << 20, ';') + "\r\nTEL:0171 3920012\r\n"));
  REQUIRE(book.contacts.size() == 1);
  CHECK(book.contacts[0].numbers.size() == 1);
}

TEST_CASE("values that are reported are cut to a bounded length") {
  std::string number;
  for (int i = 0; i < 1000; ++i) {
    number += "\u0661";
  }
  const AddressBook book = read(card("TEL;TYPE=FAX:" + number + "\r\n"));
  REQUIRE(book.rejects.size() == 1);
  CHECK(book.rejects[0].value.size() <= kMaxRejectValue);
  CHECK(book.rejects[0].value.size() > kMaxRejectValue - 8);
  CHECK(book.rejects[0].value.ends_with("\u0661\u2026"));
}

TEST_CASE("a csv that is quoted throughout is recognised by its content") {
  const AddressBook book = read(
      "\"First Name\",\"Last Name\",\"Phone 1 - Label\",\"Phone 1 - Value\"\r\n"
      "\"Erika\",\"Muster\",\"Mobile\",\"0171 3920012\"\r\n");
  REQUIRE(book.contacts.size() == 1);
  CHECK(book.contacts[0].name == "Erika Muster");
  CHECK(book.contacts[0].numbers.at(0).value == "0171 3920012");
}

TEST_CASE("the last row of a csv needs no line end") {
  const AddressBook book = read("Name,Phone 1 - Type,Phone 1 - Value\nErika,Mobile,0171 3920012");
  CHECK(book.rejects.empty());
  REQUIRE(book.contacts.size() == 1);
  CHECK(book.contacts[0].numbers.at(0).value == "0171 3920012");
}

TEST_CASE("a row of a csv that is longer than any row is reported") {
  const AddressBook book = read("Name,Notes,Phone 1 - Value\nErika," + std::string(2 << 20, 'x') +
                                ",0171 3920012\nMax,,030 23125006\n");
  CHECK(lines_of(book.rejects) == std::vector<std::string>{"2 damaged-row "});
  REQUIRE(book.contacts.size() == 1);
  CHECK(book.contacts[0].line == 3);
}

}  // namespace
}  // namespace blindbook::contact
