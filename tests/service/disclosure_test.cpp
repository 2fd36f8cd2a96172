#include "blindbook/service/disclosure.h"

#include <catch2/catch.hpp>

#include "tests/service/discovery_world.h"

namespace blindbook::service {
namespace {

/// A run, and what its caller was told last of what had left the device.
struct Told {
  Result<DiscoveryOutcome> outcome;
  Disclosure last;
  std::size_t times = 0;
};

Told run_told(World& world, const std::vector<Identifier>& book) {
  auto memory = ClientMemory::of_this_run_only(world.city.random());
  Disclosure last;
  std::size_t times = 0;
  const DiscoverySettings settings{.service = world.service->endpoint(),
                                   .trust = {},
                                   .root = world.city.root_key(),
                                   .token = token_for(world.city, "anna"),
                                   .progress = {},
                                   .clock = [] { return UnixTime(kNow.value() + 5); },
                                   .on_disclosure =
                                       [&](const Disclosure& disclosed) {
                                         last = disclosed;
                                         ++times;
                                       }};
  auto outcome = discover(settings, book, memory, kNow, world.city.random());
  return {std::move(outcome), std::move(last), times};
}

std::size_t bytes_of_head(const DisclosedRequest& request) {
  std::size_t sum = 0;
  for (const http::HeadLine& line : request.head) {
    sum += line.bytes;
  }
  return sum;
}

}  // namespace

TEST_CASE("each request is told line by line and the token is left out") {
  World world;
  const auto told = run_told(world, book_of(0, 10));
  REQUIRE(told.outcome.has_value());
  REQUIRE(told.last.requests.size() == 3);
  for (const DisclosedRequest& request : told.last.requests) {
    CHECK(bytes_of_head(request) == request.head_sent);
    CHECK(request.at == UnixTime(kNow.value() + 5));
    CHECK(request.failure.empty());
  }
  const DisclosedRequest& evaluation = told.last.requests[1];
  CHECK(evaluation.body_sent == protocol::kRequestHeaderBytes + 64 * 32);
  CHECK(evaluation.elements == 64);
  const http::HeadLine& credentials = evaluation.head.at(evaluation.head.size() - 2);
  CHECK(credentials.text == "Authorization: Bearer ");
  CHECK(credentials.bytes == credentials.text.size() + told.last.token_bytes + 2);
  CHECK(told.last.token.expires_at.has_value());
}

TEST_CASE("evaluations go over a connection of their own") {
  World world;
  const auto told = run_told(world, book_of(0, 10));
  std::vector<std::uint32_t> connections;
  for (const DisclosedRequest& request : told.last.requests) {
    connections.push_back(request.connection);
  }
  REQUIRE(connections == std::vector<std::uint32_t>{1, 2, 1});
}

TEST_CASE("the caller is told after each request and at the end") {
  World world;
  REQUIRE(run_told(world, book_of(0, 10)).times == 4);
}

TEST_CASE("a run that fails has told what had left the device") {
  World world;
  world.refuse("/v1/evaluate", 503, "busy");
  const auto told = run_told(world, book_of(0, 10));
  REQUIRE_FALSE(told.outcome.has_value());
  REQUIRE(told.last.requests.size() == 2);
  CHECK(told.last.requests[1].status == 503);
  CHECK(told.last.requests[1].body_sent == protocol::kRequestHeaderBytes + 64 * 32);
  REQUIRE(told.last.batches.size() == 1);
  CHECK_FALSE(told.last.batches[0].answered);
  CHECK(told.last.evaluations_charged == 0);
}

TEST_CASE("a request without a connection is told and moved nothing") {
  World world;
  const http::Endpoint gone = world.service->endpoint();
  world.service.reset();
  auto memory = ClientMemory::of_this_run_only(world.city.random());
  Disclosure last;
  const DiscoverySettings settings{.service = gone,
                                   .trust = {},
                                   .root = world.city.root_key(),
                                   .token = token_for(world.city, "anna"),
                                   .progress = {},
                                   .clock = {},
                                   .on_disclosure = [&](const Disclosure& disclosed) { last = disclosed; }};
  REQUIRE_FALSE(discover(settings, book_of(0, 10), memory, kNow, world.city.random()).has_value());
  REQUIRE(last.requests.size() == 1);
  CHECK(last.requests[0].connection == 0);
  CHECK(last.requests[0].failure == "http.connect");
  CHECK(last.requests[0].head.empty());
  CHECK(last.bytes_sent() == 0);
}

}  // namespace blindbook::service
