// The limits of one address book, through the readers of every kind of format.

#include <array>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "blindbook/contact/address_book.h"
#include "blindbook/contact/contact_list.h"
#include "blindbook/contact/dial_string.h"
#include "blindbook/contact/normaliser.h"

#include "tests/support/address_book_shapes.h"

namespace blindbook::contact {
namespace {

/// How one kind of format writes what the limits count.
struct Format {
  std::string_view name;
  std::string_view begin;        // of the file
  std::string_view card;         // one without numbers
  std::string_view two_numbers;  // of the same card, or of one of their own
  std::string_view two_rejects;
  std::string_view before_number, after_number;  // around one of any length
  std::string_view before_name, after_name;
};

constexpr std::array<Format, 3> kFormats{{
    {"vcard", "BEGIN:VCARD\n", "BEGIN:VCARD\n", "TEL:1\nTEL:1\n", "TEL;FAX:1\nTEL;TYPE=PAGER:1\n",
     "TEL:", "\n", "FN:", "\n"},
    {"ldif", "dn: a\n", "dn: a\n", "mobile: 1\nhomePhone: 1\n", "fax: 1\npager: 1\n", "mobile:", "\n",
     "cn:", "\n"},
    {"csv", "First Name,Mobile Phone,Business Fax\n,\n", "a\n", ",1:::1\n", ",,1:::1\n", ",", "\n", "",
     ",\n"},
}};

std::string repeated(std::string_view begin, std::string_view unit, std::size_t times) {
  return test_support::repeated(begin, unit, begin.size() + unit.size() * times, "");
}

Result<AddressBook> read(const std::string& file) {
  return read_address_book(bytes_of(file));
}

void require_too_many(const std::string& file, std::string_view what) {
  const Result<AddressBook> book = read(file);
  REQUIRE_FALSE(book.has_value());
  CHECK(book.error().fault == Fault::kBadInput);
  CHECK(book.error().rule == "contact.too-many");
  CHECK(book.error().message == "the address book holds more than " + std::string(what));
  CHECK_FALSE(book.error().hint.empty());
}

std::size_t numbers_of(const AddressBook& book) {
  std::size_t out = book.rejects.size();
  for (const Contact& contact : book.contacts) {
    out += contact.numbers.size();
  }
  return out;
}

TEST_CASE("a book has as many cards as the limit allows and no more") {
  for (const Format& format : kFormats) {
    CAPTURE(format.name);
    std::string file = repeated(format.begin, format.card, kMaxCards - 1);
    const Result<AddressBook> book = read(file);
    REQUIRE(book.has_value());
    CHECK(book->contacts.size() == kMaxCards);
    require_too_many(file.append(format.card), "1048576 cards");
  }
}

TEST_CASE("a book has as many numbers as the limit allows and no more") {
  for (const Format& format : kFormats) {
    CAPTURE(format.name);
    std::string file = repeated(format.begin, format.two_numbers, kMaxNumbers / 2);
    const Result<AddressBook> book = read(file);
    REQUIRE(book.has_value());
    CHECK(numbers_of(*book) == kMaxNumbers);
    file.append(format.before_number).append("1").append(format.after_number);
    require_too_many(file, "1048576 numbers");
  }
}

TEST_CASE("numbers that are rejected count as numbers") {
  for (const Format& format : kFormats) {
    CAPTURE(format.name);
    std::string file = repeated(format.begin, format.two_rejects, kMaxNumbers / 2);
    const Result<AddressBook> book = read(file);
    REQUIRE(book.has_value());
    CHECK(book->rejects.size() == kMaxNumbers);
    file.append(format.before_number).append("1").append(format.after_number);
    require_too_many(file, "1048576 numbers");
  }
}

TEST_CASE("the names and numbers of a book have as many bytes as the limit allows and no more") {
  for (const Format& format : kFormats) {
    CAPTURE(format.name);
    const std::string number = std::string(format.before_number) + std::string(kMaxRawNumber, '1') +
                               std::string(format.after_number);
    std::string file = repeated(format.begin, number, kMaxBookText / kMaxRawNumber);
    REQUIRE(read(file).has_value());
    file.append(format.before_name).append("a").append(format.after_name);
    require_too_many(file, "67108864 bytes of names and numbers");
  }
}

TEST_CASE("a name is cut to its limit at a character") {
  for (const Format& format : kFormats) {
    CAPTURE(format.name);
    const auto name_read = [&](const std::string& name) {
      return read(std::string(format.begin) + std::string(format.before_name) + name +
                  std::string(format.after_name))
          .value()
          .contacts.back()
          .name;
    };
    const std::string longest(kMaxName, 'n');
    CHECK(name_read(longest) == longest);
    CHECK(name_read(longest + "n") == std::string(kMaxName - 3, 'n').append("\u2026"));
    CHECK(name_read(std::string(kMaxName - 4, 'n').append("\u00FC\u00FC\u00FC")) ==
          std::string(kMaxName - 4, 'n').append("\u2026"));
  }
}

TEST_CASE("a number longer than any is rejected by the reader") {
  for (const Format& format : kFormats) {
    CAPTURE(format.name);
    const AddressBook book = read(std::string(format.begin) + std::string(format.before_number) +
                                  std::string(kMaxRawNumber + 1, '1') + std::string(format.after_number))
                                 .value();
    CHECK(numbers_of(book) == 1);
    REQUIRE(book.rejects.size() == 1);
    CHECK(book.rejects[0].reason == RejectReason::kTooLong);
    CHECK(book.rejects[0].value == std::string(kMaxRejectValue - 3, '1') + "\u2026");
  }
}

TEST_CASE("a label behind a number that was rejected takes no other number away") {
  const AddressBook book =
      read("BEGIN:VCARD\na.TEL:0171 3920012\na.TEL:" + std::string(kMaxRawNumber + 1, '1') +
           "\na.X-ABLabel:Fax\nEND:VCARD\n")
          .value();
  CHECK(book.contacts.at(0).numbers.size() == 1);
  CHECK(book.rejects.size() == 1);
}

TEST_CASE("books have as many numbers together as one may have") {
  const Normaliser normaliser = Normaliser::create("DE").value();
  const auto books_of = [](std::size_t numbers) {
    std::vector<NamedBook> books(2);
    for (NamedBook& named : books) {
      named.book.contacts.push_back({"Erika", {}, 1});
      named.book.contacts[0].numbers.assign(numbers / 2, {"+491713920012", 1});
    }
    return books;
  };
  REQUIRE(collect(books_of(kMaxNumbers), normaliser).value().contacts.size() == 1);
  std::vector<NamedBook> more = books_of(kMaxNumbers);
  more[1].book.contacts[0].numbers.back().value = "0171 3920011 / 0171 3920012";
  const Result<ContactList> list = collect(std::move(more), normaliser);
  REQUIRE_FALSE(list.has_value());
  CHECK(list.error().fault == Fault::kBadInput);
  CHECK(list.error().rule == "contact.too-many");
  CHECK(list.error().message == "the address books hold more than 1048576 numbers");
}

}  // namespace
}  // namespace blindbook::contact
