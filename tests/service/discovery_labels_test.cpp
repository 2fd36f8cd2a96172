#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

#include <catch2/catch.hpp>

#include "tests/service/discovery_world.h"

namespace blindbook::service {
namespace {

/// A service whose labels are resolved on use: berlin(3) is anna, berlin(5) is emil.
struct ResolvingWorld : World {
  ResolvingWorld() {
    city.publish_with({{berlin(3), "anna"}, {berlin(5), "emil"}}, protocol::LabelMode::kResolve);
    service->set_announcement(city.announce());
  }
  Result<DiscoveryOutcome> open(std::vector<Identifier> numbers) {
    auto memory = ClientMemory::open(state_file(), protocol::fingerprint_of(city.root_key()), city.random());
    REQUIRE(memory);
    return run_with(*memory, book_of(0, 8), kNow, "anna", false, std::move(numbers));
  }
  std::size_t asked() const {
    const auto seen = service->seen();
    return static_cast<std::size_t>(std::count(seen.begin(), seen.end(), "POST /v1/resolve +token"));
  }
};

std::optional<std::string> label_of(const DiscoveryOutcome& outcome, const Identifier& number) {
  for (const auto& match : outcome.matches) {
    if (match.identifier == number) {
      return match.label;
    }
  }
  FAIL("no match");
  return std::nullopt;
}

TEST_CASE("a run that matches asks for no label by itself") {
  ResolvingWorld world;
  const auto outcome = world.open({});
  REQUIRE(outcome);
  REQUIRE(outcome->matches.size() == 2);
  CHECK(label_of(*outcome, berlin(3)) == std::nullopt);
  CHECK(world.asked() == 0);
  CHECK(outcome->disclosed.labels_asked == 0);
}

TEST_CASE("a label that a person asks for is opened and no other") {
  ResolvingWorld world;
  const auto outcome = world.open({berlin(3)});
  REQUIRE(outcome);
  CHECK(label_of(*outcome, berlin(3)) == "@anna:city.example");
  CHECK(label_of(*outcome, berlin(5)) == std::nullopt);
  CHECK(world.asked() == 1);
  CHECK(outcome->labels.opened == 1);
  CHECK(outcome->disclosed.labels_asked == 1);
  CHECK(outcome->disclosed.labels_answered == 1);
}

TEST_CASE("nothing is asked about a number that did not match") {
  ResolvingWorld world;
  // A stranger in the book, a subscriber who is not in it, one number twice.
  const auto outcome = world.open({berlin(4), berlin(500), berlin(5), berlin(5)});
  REQUIRE(outcome);
  CHECK(world.asked() == 1);
  CHECK(outcome->labels.opened == 1);
  CHECK(outcome->labels.no_matches == 2);
}

TEST_CASE("labels are asked for last and over a connection of their own") {
  ResolvingWorld world;
  const auto outcome = world.open({berlin(3), berlin(5)});
  REQUIRE(outcome);
  std::set<std::uint32_t> of_labels;
  std::set<std::uint32_t> of_others;
  bool labels_began = false;
  for (const DisclosedRequest& request : outcome->disclosed.requests) {
    (request.asks_label ? of_labels : of_others).insert(request.connection);
    CHECK((request.asks_label || !labels_began));
    labels_began = labels_began || request.asks_label;
  }
  CHECK(of_labels.size() == 1);
  CHECK(of_others.count(*of_labels.begin()) == 0);
}

TEST_CASE("a label that does not open is no label and accuses nobody") {
  ResolvingWorld world;
  world.service->set_override([&](const http::Request& request) -> std::optional<http::Response> {
    if (request.target != "/v1/resolve") {
      return std::nullopt;
    }
    Bytes body = world.city.resolve(request.body).value();
    body.back() ^= 1;
    return http::Response{.status = 200, .content_type = "application/octet-stream", .body = std::move(body)};
  });
  const auto outcome = world.open({berlin(3)});
  REQUIRE(outcome);
  CHECK(label_of(*outcome, berlin(3)) == std::nullopt);
  CHECK(outcome->labels.without_label == 1);
  CHECK_FALSE(outcome->labels.stopped);
}

TEST_CASE("when labels are refused the matches stand and nothing more is asked") {
  ResolvingWorld world;
  std::string rule;
  Fault fault = Fault::kUnavailable;
  SECTION("spent") {
    world.refuse("/v1/resolve", 429, "allowance");
    rule = "service.allowance";
    fault = Fault::kSpent;
  }
  SECTION("not allowed") {
    world.refuse("/v1/resolve", 401, "token");
    rule = "service.token";
    fault = Fault::kBadInput;
  }
  SECTION("a page of something in between") {
    world.service->set_override([](const http::Request& request) -> std::optional<http::Response> {
      if (request.target != "/v1/resolve") {
        return std::nullopt;
      }
      return http::Response{.status = 200, .content_type = "text/html", .body = {'<', 'p', '>'}};
    });
    rule = "service.not-an-answer";
  }
  SECTION("an answer to something else") {
    world.service->set_override([&](const http::Request& request) -> std::optional<http::Response> {
      if (request.target != "/v1/resolve") {
        return std::nullopt;
      }
      Bytes body = world.city.resolve(request.body).value();
      body[5] ^= 1;
      return http::Response{
          .status = 200, .content_type = "application/octet-stream", .body = std::move(body)};
    });
    rule = "resolve-answer.echo";
    fault = Fault::kPeerMisbehaved;
  }
  const auto outcome = world.open({berlin(3), berlin(5)});
  REQUIRE(outcome);
  CHECK(outcome->matches.size() == 2);
  REQUIRE(outcome->labels.stopped);
  CHECK(outcome->labels.stopped->rule == rule);
  CHECK(outcome->labels.stopped->fault == fault);
  CHECK(world.asked() == 1);
  CHECK(outcome->disclosed.labels_asked == 1);
  CHECK(outcome->disclosed.labels_answered == 0);
}

TEST_CASE("where labels come with the matches none is asked for") {
  World world;
  auto memory = ClientMemory::of_this_run_only(world.city.random());
  const auto outcome = world.run_with(memory, book_of(0, 8), kNow, "anna", false, {berlin(3)});
  REQUIRE(outcome);
  CHECK(label_of(*outcome, berlin(3)) == "@anna:city.example");
  CHECK(outcome->disclosed.labels_asked == 0);
  REQUIRE(outcome->notices.size() == 1);
}

TEST_CASE("the same label asked for twice is the same request") {
  ResolvingWorld world;
  std::vector<Bytes> bodies;
  world.service->set_override([&](const http::Request& request) -> std::optional<http::Response> {
    if (request.target == "/v1/resolve") {
      bodies.push_back(request.body);
    }
    return std::nullopt;
  });
  REQUIRE(world.open({berlin(3)}));
  REQUIRE(world.open({berlin(3)}));
  REQUIRE(bodies.size() == 2);
  CHECK(bodies[0] == bodies[1]);
}

}  // namespace
}  // namespace blindbook::service
