#include "blindbook/contact/address_book.h"

#include <catch2/catch.hpp>

#include "tests/unit/contact/fixture.h"

namespace blindbook::contact {
namespace {

using test_support::book_fixture;
using test_support::book_fixtures;
using test_support::BookFixture;
using test_support::lines_of;

AddressBook read(std::string_view text, const ReadOptions& options = {}) {
  Result<AddressBook> book = read_address_book(bytes_of(text), "book", options);
  REQUIRE(book.has_value());
  return *std::move(book);
}

std::string card(std::string_view inside) {
  return "BEGIN:VCARD\r\nVERSION:3.0\r\n" + std::string(inside) + "END:VCARD\r\n";
}

TEST_CASE("every address book of the vectors reads as expected") {
  for (const BookFixture& fixture : book_fixtures()) {
    CAPTURE(fixture.name);
    const auto book = read_address_book(bytes_of(fixture.file), fixture.name);
    REQUIRE(book.has_value());
    CHECK(lines_of(book->contacts) == lines_of(fixture.contacts));
    CHECK(lines_of(book->rejects) == lines_of(fixture.rejects));
  }
}

TEST_CASE("a file in no known format is bad input") {
  for (const std::string_view text :
       {"hello\n", "{\"contacts\": []}", "number,label,discoverable\n", "PK\x03\x04", "<html></html>",
        "\xFF\xFE\x42", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
        "Phone 1 - Values,Phone  - Value,Phone1 - Value\n"}) {
    CAPTURE(text);
    const auto book = read_address_book(bytes_of(text), "book");
    REQUIRE_FALSE(book.has_value());
    CHECK(book.error().fault == Fault::kBadInput);
    CHECK(book.error().rule == "contact.format");
    CHECK_FALSE(book.error().hint.empty());
  }
}

TEST_CASE("a blank file is a book without contacts") {
  CHECK(read("").contacts.empty());
  CHECK(read(" \r\n\n").contacts.empty());
}

TEST_CASE("fax and pager numbers are included on request") {
  const ReadOptions all{.include_fax_and_pager = true};
  for (const char* name : {"fax_and_pager.vcf", "google_fax.csv"}) {
    const BookFixture fixture = book_fixture(name);
    std::size_t numbers = fixture.rejects.size();
    for (const Contact& one : fixture.contacts) {
      numbers += one.numbers.size();
    }
    const AddressBook book = read(fixture.file, all);
    CHECK(book.rejects.empty());
    std::size_t read_numbers = 0;
    for (const Contact& one : book.contacts) {
      read_numbers += one.numbers.size();
    }
    CHECK(read_numbers == numbers);
  }
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
  CHECK(lines_of(book.rejects) == std::vector<std::string>{"book:2 damaged-row "});
  REQUIRE(book.contacts.size() == 1);
  CHECK(book.contacts[0].line == 3);
}

}  // namespace
}  // namespace blindbook::contact
