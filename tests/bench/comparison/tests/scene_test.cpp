#include "tests/bench/comparison/scene.h"

#include <algorithm>
#include <set>
#include <stdexcept>

#include <catch2/catch.hpp>

namespace blindbook::bench {
namespace {

TEST_CASE("a scene is the same for the same seed and another for another") {
  CHECK(make_subscribers(1, 100) == make_subscribers(1, 100));
  CHECK(make_subscribers(1, 100) != make_subscribers(2, 100));
  const AddressBook book = make_address_book(1, 100, 64, 0);
  CHECK(book.contacts == make_address_book(1, 100, 64, 0).contacts);
  CHECK(book.contacts != make_address_book(2, 100, 64, 0).contacts);
  CHECK(book.contacts != make_address_book(1, 100, 64, 1).contacts);
}

TEST_CASE("the truth of a scene is what a look into the set of subscribers says") {
  for (const std::size_t contacts : {1U, 3U, 64U, 1000U}) {
    const auto list = make_subscribers(5, 300);
    const std::set<std::string> subscribers(list.begin(), list.end());
    const AddressBook book = make_address_book(5, 300, contacts, 2);
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < book.contacts.size(); ++i) {
      if (subscribers.count(book.contacts[i]) > 0) {
        found.push_back(i);
      }
    }
    CHECK(book.contacts.size() == contacts);
    CHECK(book.subscribing == found);
    CHECK(found.size() == std::min<std::size_t>(300, (contacts + 3) / 4));
    CHECK(std::set<std::string>(book.contacts.begin(), book.contacts.end()).size() == contacts);
  }
}

TEST_CASE("there are no more subscribers among the contacts than there are") {
  const AddressBook book = make_address_book(1, 2, 64, 0);
  CHECK(book.contacts.size() == 64);
  CHECK(book.subscribing.size() == 2);
}

TEST_CASE("what a protocol missed and what it made up is counted") {
  const AddressBook book{.contacts = {"a", "b", "c", "d"}, .subscribing = {1, 3}};
  const auto mistakes = [&](const std::vector<std::size_t>& matches) {
    const Mistakes found = compare_with_truth(book, matches);
    return std::pair(found.missed, found.false_matches);
  };
  CHECK(mistakes({1, 3}) == std::pair<std::size_t, std::size_t>(0, 0));
  CHECK(mistakes({}) == std::pair<std::size_t, std::size_t>(2, 0));
  CHECK(mistakes({0, 1, 2}) == std::pair<std::size_t, std::size_t>(1, 2));
  CHECK_THROWS_AS(compare_with_truth(book, {4}), std::runtime_error);
  CHECK_THROWS_AS(compare_with_truth(book, {3, 1}), std::runtime_error);
  CHECK_THROWS_AS(compare_with_truth(book, {1, 1}), std::runtime_error);
}

}  // namespace
}  // namespace blindbook::bench
