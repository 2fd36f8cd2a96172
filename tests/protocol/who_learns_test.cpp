#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "blindbook/directory/label_seal.h"
#include "blindbook/directory/page_index.h"
#include "blindbook/directory/tag.h"

#include "tests/protocol/discovery_pump.h"

// Cells of the table "who learns what" (docs/security.md) that no other test shows: what a thief can do is
// done here, and what a thief cannot do is tried.

using namespace blindbook;
using namespace blindbook::test_support;

namespace {

/// Everything that whoever holds `key` can read in a directory, by trying every number of a range.
std::map<std::string, std::string> enumerate(const oprf::SecretKey& key,
                                             const protocol::AnnouncedEpoch& epoch,
                                             const Bytes& directory_file,
                                             const std::vector<Identifier>& range) {
  std::vector<ByteView> inputs;
  for (const Identifier& identifier : range) {
    inputs.push_back(identifier.bytes());
  }
  std::vector<oprf::PrfOutput> outputs(range.size());
  InMemoryOperator::suite().evaluate_unblinded(key, inputs, outputs);

  const auto index = directory::PageIndex::open(ByteView(directory_file), epoch.root).value();
  const directory::LabelSealer sealer(epoch.suite(), epoch.id, epoch.label_bytes);
  std::map<std::string, std::string> found;
  for (std::size_t i = 0; i < range.size(); ++i) {
    const auto rows = index.find(directory::tag_of(outputs[i].expose()));
    for (std::uint64_t rank = rows.first_rank; rank < rows.first_rank + rows.count; ++rank) {
      if (const auto label = sealer.open(outputs[i].expose(), index.sealed(rank))) {
        found.emplace(range[i].e164(), *label);
      }
    }
  }
  return found;
}

}  // namespace

TEST_CASE("a thief of the epoch key finds every subscriber by trying numbers") {
  InMemoryOperator city;
  city.publish({{berlin(3), "anna"}, {berlin(700), "ben"}, {berlin(999), "carla"}});
  const auto found = enumerate(city.keys().secret, city.epoch(), city.directory_file(), book_of(0, 1000));
  CHECK(found == std::map<std::string, std::string>{{std::string(berlin(3).e164()), "anna"},
                                                    {std::string(berlin(700).e164()), "ben"},
                                                    {std::string(berlin(999).e164()), "carla"}});
}

TEST_CASE("the key of one epoch opens nothing in the directory of another") {
  InMemoryOperator city(1);
  InMemoryOperator other(2);
  city.publish({{berlin(3), "anna"}, {berlin(700), "ben"}});
  CHECK(enumerate(other.keys().secret, city.epoch(), city.directory_file(), book_of(0, 1000)).empty());
}

TEST_CASE("the epoch key tells a request of contacts from a request of dummies by nothing in it") {
  // With the key an element k*B can be had, but B is all there is. Requests of one contact list, of another
  // and of none have the same form and share no element, even for the same contacts.
  InMemoryOperator city;
  city.publish({{berlin(3), "anna"}});
  std::map<std::string, int> seen;
  for (const auto& book : {book_of(0, 10), book_of(0, 10), book_of(500, 564), book_of(0, 0)}) {
    auto blinded = protocol::Ready::begin(city.epoch(), {}).value().blind(book, 64, city.random()).value();
    const auto request = protocol::parse_request(blinded.request).value();
    REQUIRE(request.count == 64);
    for (std::size_t i = 0; i < request.count; ++i) {
      ++seen[to_hex(request.elements.subspan(i * 32, 32))];
    }
  }
  CHECK(seen.size() == 4 * 64);
}

TEST_CASE("a client that evaluated one number opens no label but its own") {
  InMemoryOperator city;
  city.publish({{berlin(3), "anna"}, {berlin(4), "ben"}});
  const auto index = directory::PageIndex::open(ByteView(city.directory_file()), city.epoch().root).value();
  const directory::LabelSealer sealer(city.epoch().suite(), city.epoch().id, city.epoch().label_bytes);
  const auto own = city.evaluate(berlin(3));
  std::vector<std::string> opened;
  for (std::uint64_t rank = 0; rank < index.header().entries; ++rank) {
    if (const auto label = sealer.open(own.expose(), index.sealed(rank))) {
      opened.push_back(*label);
    }
  }
  CHECK(opened == std::vector<std::string>{"anna"});
}

TEST_CASE("a client that evaluated one number meets no other subscriber") {
  // Without labels too: what it evaluated is all it can look up.
  InMemoryOperator city;
  city.publish_with({{berlin(3), "anna"}, {berlin(4), "ben"}, {berlin(5), "carla"}},
                    protocol::LabelMode::kNone);
  const auto discovered = discover(city, {berlin(3)}).value();
  REQUIRE(discovered.matches().size() == 1);
  CHECK(discovered.matches().front().identifier == berlin(3));
}

TEST_CASE("the key and the file of a state give its owners matches away") {
  // Outputs are what a state keeps, and they open the directory as they do for the owner.
  InMemoryOperator city;
  city.publish({{berlin(3), "anna"}});
  const auto discovered = discover(city, {berlin(3), berlin(4)}).value();
  CHECK(labels_of(discovered).size() == 1);
  const auto again = discover(city, {berlin(3), berlin(4)}, discovered.outputs().duplicate()).value();
  CHECK(labels_of(again) == labels_of(discovered));
}

TEST_CASE("two editions show their churn to everybody and nobody by number") {
  // No key is used: rows that are in one edition and not in the other have left or joined.
  InMemoryOperator city;
  const auto rows = [&city] {
    const auto index = directory::PageIndex::open(ByteView(city.directory_file()), city.epoch().root).value();
    std::set<std::string> out;
    for (std::uint64_t rank = 0; rank < index.header().entries; ++rank) {
      out.insert(to_hex(index.sealed(rank)));
    }
    return out;
  };
  city.publish({{berlin(3), "anna"}, {berlin(4), "ben"}});
  const auto before = rows();
  city.publish({{berlin(4), "ben"}, {berlin(5), "carla"}, {berlin(6), "dora"}});
  const auto after = rows();
  std::vector<std::string> left;
  std::vector<std::string> joined;
  std::set_difference(before.begin(), before.end(), after.begin(), after.end(), std::back_inserter(left));
  std::set_difference(after.begin(), after.end(), before.begin(), before.end(), std::back_inserter(joined));
  CHECK(left.size() == 1);
  CHECK(joined.size() == 2);
}

TEST_CASE("who archived two editions and evaluated a number sees it join") {
  InMemoryOperator city;
  city.publish({{berlin(3), "anna"}});
  const Bytes before = city.directory_file();
  const auto before_epoch = city.epoch();
  city.publish({{berlin(3), "anna"}, {berlin(4), "ben"}});
  // All a client holds is its one output.
  const oprf::PrfOutput own = city.evaluate(berlin(4));
  const auto rows_in = [&own](const Bytes& file, const protocol::AnnouncedEpoch& epoch) {
    return directory::PageIndex::open(ByteView(file), epoch.root)
        .value()
        .find(directory::tag_of(own.expose()))
        .count;
  };
  CHECK(rows_in(before, before_epoch) == 0);
  CHECK(rows_in(city.directory_file(), city.epoch()) == 1);
}
