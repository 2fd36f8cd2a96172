#include <algorithm>
#include <set>

#include <catch2/catch.hpp>

#include "blindbook/base/utf8.h"
#include "blindbook/contact/address_book.h"
#include "blindbook/contact/contact_list.h"

#include "tests/property/contact/mutation.h"
#include "tests/unit/contact/fixture.h"

namespace blindbook::contact {
namespace {

using test_support::book_fixtures;
using test_support::BookFixture;
using test_support::DeterministicRandom;
using test_support::lines_of;
using test_support::mutated;

/// The lines of the first `count` contacts.
std::vector<std::string> first_lines(const std::vector<Contact>& contacts, std::size_t count) {
  return lines_of(
      std::vector<Contact>(contacts.begin(), contacts.begin() + static_cast<std::ptrdiff_t>(count)));
}

/// Byte at which line `line` (from 1) of `file` begins.
std::size_t offset_of(const std::string& file, std::size_t line) {
  std::size_t at = 0;
  for (; line > 1; --line) {
    at = file.find_first_of("\r\n", at);
    at += file.compare(at, 2, "\r\n") == 0 ? 2 : 1;
  }
  return at;
}

TEST_CASE("a file cut at any byte keeps the cards before the cut") {
  for (const BookFixture& fixture : book_fixtures()) {
    CAPTURE(fixture.name);
    std::vector<std::size_t> begins;
    for (const Contact& one : fixture.contacts) {
      begins.push_back(offset_of(fixture.file, one.line));
    }
    for (std::size_t cut = 0; cut <= fixture.file.size(); ++cut) {
      CAPTURE(cut);
      const auto book = read_address_book(bytes_of(fixture.file).first(cut), fixture.name);
      // Cards that another one follows before the cut are complete.
      const auto begun = static_cast<std::size_t>(
          std::count_if(begins.begin(), begins.end(), [&](std::size_t at) { return at < cut; }));
      const std::size_t complete = begun == 0 ? 0 : begun - 1;
      if (!book) {
        CHECK(complete == 0);
        continue;
      }
      REQUIRE(book->contacts.size() >= complete);
      CHECK(first_lines(book->contacts, complete) == first_lines(fixture.contacts, complete));
    }
  }
}

TEST_CASE("a file cut at any byte invents no number") {
  for (const BookFixture& fixture : book_fixtures()) {
    // A number folded over two lines, cut between them, looks like a whole one; a row may end without a line
    // end.
    if (fixture.name == "folded.vcf" || fixture.name == "google_semicolons.csv") {
      continue;
    }
    CAPTURE(fixture.name);
    std::set<std::string> known;
    for (const Contact& one : fixture.contacts) {
      for (const RawNumber& number : one.numbers) {
        known.insert(number.value);
      }
    }
    for (std::size_t cut = 0; cut <= fixture.file.size(); ++cut) {
      CAPTURE(cut);
      const auto book = read_address_book(bytes_of(fixture.file).first(cut), fixture.name);
      if (!book) {
        continue;
      }
      for (const Contact& one : book->contacts) {
        for (const RawNumber& number : one.numbers) {
          CHECK(known.contains(number.value));
        }
      }
    }
  }
}

TEST_CASE("a changed file gives names and numbers of the promised shape") {
  DeterministicRandom random(20240501);
  const Result<Normaliser> normaliser = Normaliser::create("DE");
  REQUIRE(normaliser.has_value());
  std::size_t readable = 0;
  for (const BookFixture& fixture : book_fixtures()) {
    CAPTURE(fixture.name);
    for (int round = 0; round < 150; ++round) {
      CAPTURE(round);
      const std::string file = mutated(fixture.file, random);
      const auto lines = static_cast<std::size_t>(
          1 + std::count_if(file.begin(), file.end(), [](char c) { return c == '\r' || c == '\n'; }));
      const auto book = read_address_book(bytes_of(file), fixture.name);
      if (!book) {
        continue;
      }
      ++readable;
      for (const Contact& one : book->contacts) {
        CHECK(is_valid_utf8(one.name));
        CHECK((one.line >= 1 && one.line <= lines));
        for (const RawNumber& number : one.numbers) {
          CHECK(is_valid_utf8(number.value));
          CHECK_FALSE(number.value.empty());
          CHECK((number.line >= one.line && number.line <= lines));
        }
      }
      const std::vector<NamedBook> books = {{fixture.name, *book}};
      const ContactList list = collect(books, *normaliser);
      CHECK(list.cards == book->contacts.size());
      for (const IdentifiedContact& one : list.contacts) {
        CHECK_FALSE(one.names.empty());
      }
    }
  }
  CHECK(readable > 1000);
}

TEST_CASE("random bytes behind the beginning of a format are survived") {
  DeterministicRandom random(7);
  for (const std::string_view start : {"", "BEGIN:VCARD\n", "BEGIN:VCARD\nTEL;",
                                       "Name,Phone 1 - Type,Phone 1 - Value\n", "Phone 1 - Value\n\""}) {
    for (int round = 0; round < 500; ++round) {
      std::string file(start);
      for (const std::uint8_t byte : random.bytes(random.below(300))) {
        file.push_back(static_cast<char>(byte));
      }
      const auto book = read_address_book(bytes_of(file), "random");
      CHECK((book.has_value() || book.error().rule == "contact.format"));
      CHECK((book.has_value() || start.empty()));
    }
  }
}

}  // namespace
}  // namespace blindbook::contact
