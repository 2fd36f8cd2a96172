// What reading an address book takes, in bytes of heap: a measure that is the same on every machine and every
// run.

#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "blindbook/contact/address_book.h"
#include "blindbook/contact/contact_list.h"
#include "blindbook/contact/normaliser.h"

#include "tests/support/address_book_shapes.h"
#include "tests/support/allocation_count.h"

namespace blindbook::contact {
namespace {

using test_support::address_book_shapes;
using test_support::AddressBookShape;
using test_support::AllocationCount;

/// What address_book.h says of reading and collecting.
constexpr std::size_t kBound = std::size_t{512} << 20;

struct Heap {
  std::size_t total;
  std::size_t peak;
};

/// Reads `file`, which may hold more than a book may.
Result<AddressBook> read(std::string_view file) {
  Result<AddressBook> book = read_address_book(bytes_of(file));
  REQUIRE((book.has_value() || book.error().rule == "contact.too-many"));
  return book;
}

Heap heap_for(std::string_view file) {
  const AllocationCount count;
  static_cast<void>(read(file));
  return {count.total(), count.peak()};
}

Result<ContactList> collected(std::string_view file, const Normaliser& normaliser) {
  std::vector<NamedBook> books(1);
  Result<AddressBook> book = read(file);
  if (!book) {
    return failed(book);
  }
  books[0].book = *std::move(book);
  return collect(std::move(books), normaliser);
}

/// Reads `file` and collects what it holds, as a run of the program does.
Heap heap_for_list(std::string_view file, const Normaliser& normaliser) {
  const AllocationCount count;
  const Result<ContactList> list = collected(file, normaliser);
  REQUIRE((list.has_value() || list.error().rule == "contact.too-many"));
  return {count.total(), count.peak()};
}

Normaliser german() {
  const Result<Normaliser> normaliser = Normaliser::create("DE");
  REQUIRE(normaliser.has_value());
  return *normaliser;
}

TEST_CASE("twice the file of any shape takes no more than twice the heap") {
  constexpr std::size_t kBytes = std::size_t{1} << 20;
  for (const AddressBookShape& shape : address_book_shapes()) {
    CAPTURE(shape.name);
    const Heap once = heap_for(shape.make(kBytes));
    const Heap twice = heap_for(shape.make(2 * kBytes));
    // For what does not grow, and the doubling of vectors, which falls on one side or the other.
    constexpr std::size_t kSlack = std::size_t{4} << 20;
    CHECK(twice.total <= 2 * once.total + kSlack);
    CHECK(twice.peak <= 2 * once.peak + kSlack);
  }
}

TEST_CASE("what is no name and no number takes a bounded heap") {
  for (const AddressBookShape& shape : address_book_shapes()) {
    if (!shape.is_ballast) {
      continue;
    }
    CAPTURE(shape.name);
    CHECK(heap_for(shape.make(std::size_t{16} << 20)).peak <= std::size_t{4} << 20);
  }
}

TEST_CASE("reading and collecting a book of any shape stays under the stated bound") {
  const Normaliser normaliser = german();
  for (const AddressBookShape& shape : address_book_shapes()) {
    CAPTURE(shape.name);
    CHECK(heap_for_list(shape.make(std::size_t{16} << 20), normaliser).peak <= kBound);
  }
}

TEST_CASE("reading and collecting a book that is at every limit stays under the stated bound") {
  const std::string name(kMaxBookText / kMaxCards - std::string_view("+4917101000000").size() - 7, 'n');
  std::string file = "First Name,Mobile Phone\n";
  for (std::size_t i = 0; i < kMaxCards; ++i) {
    const std::string digits = std::to_string(1'000'000 + i);
    file.append(name).append(digits).append(",+491710").append(digits).append("\n");
  }
  const Normaliser normaliser = german();
  const AllocationCount count;
  const ContactList list = collected(file, normaliser).value();
  CHECK(list.cards == kMaxCards);
  CHECK(list.contacts.size() == kMaxNumbers);
  CHECK(list.names.size() == kMaxCards);
  CHECK(count.peak() <= kBound);
}

}  // namespace
}  // namespace blindbook::contact
