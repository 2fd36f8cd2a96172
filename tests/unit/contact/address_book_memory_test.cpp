// What reading an address book takes, in bytes of heap: a measure that is the same on every machine and every
// run.

#include <string>

#include <catch2/catch.hpp>

#include "blindbook/contact/address_book.h"

#include "tests/support/address_book_shapes.h"
#include "tests/support/allocation_count.h"

namespace blindbook::contact {
namespace {

using test_support::address_book_shapes;
using test_support::AddressBookShape;
using test_support::AllocationCount;

struct Heap {
  std::size_t total;
  std::size_t peak;
};

Heap heap_for(std::string_view file) {
  const AllocationCount count;
  const auto book = read_address_book(bytes_of(file), "book");
  REQUIRE(book.has_value());
  return {count.total(), count.peak()};
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

}  // namespace
}  // namespace blindbook::contact
