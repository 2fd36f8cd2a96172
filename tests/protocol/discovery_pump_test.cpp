// Every message of a run, pumped from client to server and back without a socket.
#include "tests/protocol/discovery_pump.h"

#include <catch2/catch.hpp>

namespace blindbook::protocol {
namespace {

using namespace test_support;

const RequestOrder kOrder{.issuer = "blindbook", .subject = "anna", .created_at = kNow};

Secret<32> state_key() {
  return Secret<32>();
}

}  // namespace

TEST_CASE("a run finds exactly the contacts who subscribe with their labels") {
  InMemoryOperator city;
  city.publish({{berlin(3), "anna"}, {berlin(7), "ben"}, {berlin(500), "stranger"}});
  const auto found = discover(city, book_of(0, 20)).value();
  REQUIRE(labels_of(found) == std::vector<std::string>{"@anna:city.example", "@ben:city.example"});
  REQUIRE(found.matches()[0].identifier == berlin(3));
  REQUIRE(found.matches()[1].identifier == berlin(7));
  REQUIRE(found.unopened_labels() == 0);
  REQUIRE(found.outputs().size() == 20);
}

TEST_CASE("matches keep the order of the book") {
  InMemoryOperator city;
  city.publish({{berlin(1), "one"}, {berlin(2), "two"}, {berlin(3), "three"}});
  const auto found = discover(city, {berlin(3), berlin(9), berlin(1), berlin(2)}).value();
  REQUIRE(labels_of(found) ==
          std::vector<std::string>{"@three:city.example", "@one:city.example", "@two:city.example"});
}

TEST_CASE("without labels a match has none") {
  InMemoryOperator city;
  city.publish_with({{berlin(4), ""}}, LabelMode::kNone);
  const auto found = discover(city, book_of(0, 10)).value();
  REQUIRE(found.matches().size() == 1);
  REQUIRE_FALSE(found.matches()[0].label.has_value());
}

TEST_CASE("an empty edition gives no match") {
  InMemoryOperator city;
  city.publish({});
  REQUIRE(discover(city, book_of(0, 5)).value().matches().empty());
}

TEST_CASE("a request is as long for no contact as for a full batch") {
  InMemoryOperator city;
  city.publish({{berlin(1), "one"}});
  const auto length = [&](const std::vector<Identifier>& book) {
    return Ready::begin(city.epoch(), {}).value().blind(book, 64, city.random()).value().request.size();
  };
  REQUIRE(length({}) == length(book_of(0, 64)));
  REQUIRE(length({}) == kRequestHeaderBytes + 64 * 32);
}

TEST_CASE("a request made only of dummies is answered and verified") {
  InMemoryOperator city;
  city.publish({{berlin(1), "one"}});
  const auto found = discover(city, {}).value();
  REQUIRE(found.matches().empty());
  REQUIRE(found.outputs().size() == 0);
}

TEST_CASE("each output belongs to its identifier wherever the shuffle put it") {
  InMemoryOperator city;
  city.publish({});
  for (int round = 0; round < 10; ++round) {
    auto blinded = Ready::begin(city.epoch(), {}).value().blind(book_of(0, 12), 16, city.random()).value();
    const auto finished = std::move(blinded.waiting).finish(city.answer(blinded.request).value()).value();
    for (const Identifier& identifier : book_of(0, 12)) {
      REQUIRE(*finished.outputs().find(identifier) == city.evaluate(identifier));
    }
  }
}

TEST_CASE("outputs held from an earlier run need no evaluation") {
  InMemoryOperator city;
  city.publish({{berlin(3), "anna"}});
  const auto first = discover(city, book_of(0, 10)).value();
  auto ready = Ready::begin(city.epoch(), first.outputs().duplicate()).value();
  REQUIRE(ready.outputs().missing(book_of(0, 12)) == std::vector<Identifier>{berlin(10), berlin(11)});
  const auto again = read_and_discover(city, std::move(ready).skip_evaluation(), book_of(0, 10)).value();
  REQUIRE(labels_of(again) == std::vector<std::string>{"@anna:city.example"});
}

TEST_CASE("results list only numbers of the book given now") {
  InMemoryOperator city;
  city.publish({{berlin(3), "anna"}, {berlin(4), "ben"}});
  const auto first = discover(city, book_of(0, 10)).value();
  auto ready = Ready::begin(city.epoch(), first.outputs().duplicate()).value();
  const auto again = read_and_discover(city, std::move(ready).skip_evaluation(), {berlin(4)}).value();
  REQUIRE(labels_of(again) == std::vector<std::string>{"@ben:city.example"});
}

TEST_CASE("a second batch adds to the first") {
  InMemoryOperator city;
  city.publish({{berlin(3), "anna"}, {berlin(25), "ben"}});
  auto ready = Ready::begin(city.epoch(), {}).value();
  auto one = std::move(ready).blind(book_of(0, 16), 16, city.random()).value();
  auto awaiting = std::move(one.waiting).finish(city.answer(one.request).value()).value();
  REQUIRE(awaiting.allowance_left() == 5000U);
  auto two = std::move(awaiting).evaluate_more().blind(book_of(16, 30), 16, city.random()).value();
  awaiting = std::move(two.waiting).finish(city.answer(two.request).value()).value();
  REQUIRE(labels_of(read_and_discover(city, std::move(awaiting), book_of(0, 30)).value()) ==
          std::vector<std::string>{"@anna:city.example", "@ben:city.example"});
}

TEST_CASE("a suspended request is resumed byte for byte and finishes") {
  InMemoryOperator city;
  city.publish({{berlin(3), "anna"}});
  const auto key = state_key();
  Bytes blob;
  Bytes request;
  {
    auto blinded = Ready::begin(city.epoch(), {}).value().blind(book_of(0, 10), 64, city.random()).value();
    blob = blinded.waiting.suspend(key, kOrder, city.random());
    request = blinded.request;
  }
  REQUIRE(inspect_pending(key, blob).value().epoch == city.epoch().id);
  REQUIRE(inspect_pending(key, blob).value().order == kOrder);
  auto resumed = Ready::begin(city.epoch(), {}).value().resume(key, blob).value();
  REQUIRE(resumed.request == request);
  REQUIRE(resumed.waiting.identifiers() == 10);
  auto awaiting = std::move(resumed.waiting).finish(city.answer(request).value()).value();
  REQUIRE(labels_of(read_and_discover(city, std::move(awaiting), book_of(0, 10)).value()) ==
          std::vector<std::string>{"@anna:city.example"});
}

TEST_CASE("a suspended request opens with its own key and in its own epoch only") {
  InMemoryOperator city;
  city.publish({});
  const auto key = state_key();
  auto blinded = Ready::begin(city.epoch(), {}).value().blind(book_of(0, 3), 16, city.random()).value();
  const Bytes blob = blinded.waiting.suspend(key, kOrder, city.random());

  Secret<32> other;
  other.expose_mutable()[0] = 1;
  REQUIRE(Ready::begin(city.epoch(), {}).value().resume(other, blob).error().rule == "client.pending");
  for (const std::size_t at :
       {std::size_t{0}, std::size_t{8}, std::size_t{9}, blob.size() / 2, blob.size() - 1}) {
    Bytes altered = blob;
    altered[at] ^= 1;
    REQUIRE(Ready::begin(city.epoch(), {}).value().resume(key, altered).error().rule == "client.pending");
  }
  for (std::size_t size = 0; size < blob.size(); size += 97) {
    REQUIRE_FALSE(inspect_pending(key, ByteView(blob).first(size)).has_value());
  }
  InMemoryOperator elsewhere(2);
  elsewhere.publish({});
  REQUIRE(Ready::begin(elsewhere.epoch(), {}).value().resume(key, blob).error().rule == "client.pending");
}

}  // namespace blindbook::protocol
