#include <algorithm>
#include <set>

#include <catch2/catch.hpp>

#include "blindbook/base/utf8.h"
#include "blindbook/contact/address_book.h"
#include "blindbook/contact/contact_list.h"
#include "blindbook/contact/reject_reason.h"
#include "blindbook/contact/text_encoding.h"

#include "tests/property/contact/mutation.h"
#include "tests/unit/contact/fixture.h"

namespace blindbook::contact {
namespace {

using test_support::book_fixtures;
using test_support::BookFixture;
using test_support::DeterministicRandom;
using test_support::lines_of;
using test_support::mutated;

/// Bytes of one character of ASCII in `file`, and where in them the character stands.
struct Units {
  std::size_t size = 1;
  std::size_t place = 0;
};

Units units_of(const std::string& file) {
  if (const auto order = utf16_byte_order(bytes_of(file))) {
    return {2, *order == ByteOrder::kBigEndian ? 1U : 0U};
  }
  return {};
}

/// Where each line of `file` begins; the first is at index 1.
std::vector<std::size_t> line_begins(const std::string& file) {
  const Units units = units_of(file);
  const auto is = [&](std::size_t at, char wanted) {
    return at + units.size <= file.size() && file[at + units.place] == wanted &&
           (units.size == 1 || file[at + 1 - units.place] == 0);
  };
  std::vector<std::size_t> out = {0, 0};
  for (std::size_t at = 0; at < file.size(); at += units.size) {
    if (is(at, '\n') || (is(at, '\r') && !is(at + units.size, '\n'))) {
      out.push_back(at + units.size);
    }
  }
  out.push_back(file.size());
  return out;
}

/// For each contact the place in the file from which on it must be complete: where the next one begins, and
/// not before the end of its own last number (a card inside a card comes before the end of the outer one).
std::vector<std::size_t> complete_from(const BookFixture& fixture) {
  const std::vector<std::size_t> begins = line_begins(fixture.file);
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i + 1 < fixture.contacts.size(); ++i) {
    std::size_t from = begins.at(fixture.contacts[i + 1].line) + 1;
    for (const RawNumber& number : fixture.contacts[i].numbers) {
      from = std::max(from, begins.at(number.line + 1));
    }
    out.push_back(from);
  }
  return out;
}

TEST_CASE("a file cut at any byte keeps the cards before the cut") {
  for (const BookFixture& fixture : book_fixtures()) {
    CAPTURE(fixture.name);
    const std::vector<std::size_t> complete_at = complete_from(fixture);
    const std::vector<std::string> whole = lines_of(fixture.contacts);
    for (std::size_t cut = 0; cut <= fixture.file.size(); ++cut) {
      const auto book = read_address_book(bytes_of(fixture.file).first(cut));
      for (std::size_t i = 0; i < complete_at.size(); ++i) {
        if (cut < complete_at[i]) {
          continue;
        }
        CAPTURE(cut, i);
        REQUIRE(book.has_value());
        REQUIRE(book->contacts.size() > i);
        CHECK(lines_of({book->contacts[i]}) == lines_of({fixture.contacts[i]}));
      }
    }
    CHECK(lines_of(read_address_book(bytes_of(fixture.file))->contacts) == whole);
  }
}

TEST_CASE("a file cut at any byte invents no number") {
  for (const BookFixture& fixture : book_fixtures()) {
    // A number folded over two lines, cut between them, looks like a whole one; a row may end without a line
    // end.
    if (fixture.name == "folded.vcf" || fixture.name == "folds_and_comments.ldif" ||
        fixture.name == "google_semicolons.csv") {
      continue;
    }
    CAPTURE(fixture.name);
    std::set<std::string> known;
    for (const Contact& one : fixture.contacts) {
      for (const RawNumber& number : one.numbers) {
        known.insert(number.value);
      }
    }
    // The label behind a number, which says that it is a fax machine's, may be cut off.
    for (const Reject& reject : fixture.rejects) {
      if (reject.reason == RejectReason::kFaxOrPager) {
        known.insert(reject.value);
      }
    }
    for (std::size_t cut = 0; cut <= fixture.file.size(); ++cut) {
      const auto book = read_address_book(bytes_of(fixture.file).first(cut));
      if (!book) {
        continue;
      }
      for (const Contact& one : book->contacts) {
        for (const RawNumber& number : one.numbers) {
          CAPTURE(cut, number.value);
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
      const auto book = read_address_book(bytes_of(file));
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
      const Result<ContactList> list = collect(books, *normaliser);
      REQUIRE(list.has_value());
      CHECK(list->cards == book->contacts.size());
      for (const IdentifiedContact& one : list->contacts) {
        CHECK_FALSE(one.names.empty());
      }
    }
  }
  CHECK(readable > 1000);
}

TEST_CASE("random bytes behind the beginning of a format are survived") {
  DeterministicRandom random(7);
  using namespace std::string_view_literals;
  for (const std::string_view start :
       {""sv, "BEGIN:VCARD\n"sv, "BEGIN:VCARD\nTEL;"sv, "BEGIN:VCARD\nFN;QUOTED-PRINTABLE:=\n"sv,
        "BEGIN:VCARD\nAGENT:\n"sv, "Name,Phone 1 - Type,Phone 1 - Value\n"sv, "Phone 1 - Value\n\""sv,
        "First Name;Mobile Phone\n"sv, "Primary Email\tWork Phone\n"sv, "dn: cn=a\nmobile:: "sv,
        "\xFF\xFE"
        "d\0n\0:\0"sv}) {
    for (int round = 0; round < 500; ++round) {
      std::string file(start);
      for (const std::uint8_t byte : random.bytes(random.below(300))) {
        file.push_back(static_cast<char>(byte));
      }
      const auto book = read_address_book(bytes_of(file));
      CHECK((book.has_value() || book.error().rule == "contact.format"));
      CHECK((book.has_value() || start.empty()));
    }
  }
}

}  // namespace
}  // namespace blindbook::contact
