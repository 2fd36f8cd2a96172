#include "blindbook/service/discovery.h"

#include <fstream>

#include <catch2/catch.hpp>

#include "tests/service/discovery_world.h"

namespace blindbook::service {
namespace {

using protocol::ChainLink;

}  // namespace

TEST_CASE("a run over http finds the contacts and says what left the device") {
  World world;
  const auto outcome = world.run(book_of(0, 10)).value();
  REQUIRE(labels_of(outcome) == kAnna);
  REQUIRE(outcome.chain == ChainLink::kFirst);
  REQUIRE(outcome.evaluated == 10);
  REQUIRE(outcome.not_looked_up == 0);
  REQUIRE(outcome.allowance_left == 5000U);
  REQUIRE_FALSE(outcome.stopped.has_value());
  const Disclosure& disclosed = outcome.disclosed;
  REQUIRE(disclosed.token.account == "anna");
  REQUIRE(disclosed.batches.size() == 1);
  REQUIRE(disclosed.batches[0].size == 64);
  REQUIRE(disclosed.batches[0].answered);
  REQUIRE_FALSE(disclosed.batches[0].resumed);
  REQUIRE(disclosed.evaluations_charged == 64);
  REQUIRE(disclosed.requests.size() == 3);
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
  for (const DisclosedRequest& request : disclosed.requests) {
    sent += request.bytes_sent();
    received += request.bytes_received();
  }
  REQUIRE(disclosed.bytes_sent() == sent);
  REQUIRE(disclosed.bytes_received() == received);
  REQUIRE(sent > protocol::kRequestHeaderBytes + 64 * 32);
  REQUIRE(received > world.city.directory_file().size());
}

TEST_CASE("only the evaluation carries the token") {
  World world;
  REQUIRE(world.run(book_of(0, 10)).has_value());
  const std::string directory = "/v1/directory/" + world.city.epoch().id.hex() + "/1";
  REQUIRE(world.service->seen() ==
          std::vector<std::string>{"GET /v1/announcement", "POST /v1/evaluate +token", "GET " + directory});
}

TEST_CASE("a second run evaluates nothing twice and reads the directory from disk") {
  World world;
  REQUIRE(world.run(book_of(0, 10)).has_value());
  world.service->forget();
  const auto again = world.run(book_of(0, 12)).value();
  REQUIRE(labels_of(again) == kAnna);
  REQUIRE(again.chain == ChainLink::kSame);
  REQUIRE(again.evaluated == 2);
  REQUIRE(again.disclosed.batches.at(0).size == 16);
  REQUIRE(world.service->seen() ==
          std::vector<std::string>{"GET /v1/announcement", "POST /v1/evaluate +token"});
}

TEST_CASE("what is asked for does not depend on whether a contact is new") {
  World world;
  REQUIRE(world.run(book_of(0, 10)).has_value());
  world.service->forget();
  REQUIRE(world.run(book_of(0, 10)).has_value());
  const auto without = world.service->evaluations();
  world.service->forget();
  REQUIRE(world.run(book_of(0, 20)).has_value());
  REQUIRE(world.service->evaluations().size() == without.size());
  REQUIRE(world.service->evaluations()[0].size() == without[0].size());
}

TEST_CASE("a scheduled run always asks for 16 and the rest waits") {
  World world;
  REQUIRE(world.run(book_of(0, 10)).has_value());
  const auto outcome = world.run(book_of(0, 40), kNow, "anna", true).value();
  REQUIRE(outcome.disclosed.batches.at(0).size == 16);
  REQUIRE(outcome.evaluated == 16);
  REQUIRE(outcome.not_looked_up == 14);
}

TEST_CASE("a later edition is fetched and shows who joined") {
  World world;
  REQUIRE(world.run(book_of(0, 10)).has_value());
  world.city.publish({{berlin(3), "anna"}, {berlin(4), "ben"}});
  world.service->set_announcement(world.city.announce());
  const auto outcome = world.run(book_of(0, 10)).value();
  REQUIRE(outcome.chain == ChainLink::kNext);
  REQUIRE(outcome.edition == Edition(2));
  REQUIRE(labels_of(outcome) == std::vector<std::string>{"@anna:city.example", "@ben:city.example"});
}

TEST_CASE("a directory on disk that was damaged is fetched again") {
  World world;
  REQUIRE(world.run(book_of(0, 10)).has_value());
  const auto file = world.folder / (world.city.epoch().id.hex() + ".bbd");
  {
    std::ofstream damaged(file, std::ios::binary | std::ios::in);
    damaged.seekp(-1, std::ios::end);
    damaged.put('\x7f');
  }
  world.service->forget();
  REQUIRE(labels_of(world.run(book_of(0, 10)).value()) == kAnna);
  REQUIRE(world.service->seen().size() == 3);
}

TEST_CASE("without kept state a run works and leaves no file") {
  World world;
  auto memory = ClientMemory::of_this_run_only(world.city.random());
  REQUIRE(labels_of(world.run_with(memory, book_of(0, 10)).value()) == kAnna);
  REQUIRE(std::filesystem::is_empty(world.folder.path()));
}

TEST_CASE("a request without an answer is sent again as it was by the next run") {
  World world;
  world.refuse("/v1/evaluate", 503, "busy", 1);
  const auto refused = world.run(book_of(0, 10));
  REQUIRE(refused.error().fault == Fault::kUnavailable);
  REQUIRE(refused.error().hint == "try again in 77 s");
  const auto outcome = world.run(book_of(0, 10)).value();
  REQUIRE(labels_of(outcome) == kAnna);
  const auto sent = world.service->evaluations();
  REQUIRE(sent.size() == 3);  // refused, again, and the batch of the run itself
  REQUIRE(sent[0] == sent[1]);
  REQUIRE(sent[2] != sent[1]);
  REQUIRE(outcome.disclosed.batches.size() == 2);
  REQUIRE(outcome.disclosed.batches[0].resumed);
  REQUIRE(outcome.disclosed.batches[0].size == 64);
  REQUIRE(outcome.disclosed.batches[1].size == 16);
  REQUIRE(outcome.disclosed.evaluations_charged == 80);
  REQUIRE(world.run(book_of(0, 10)).value().disclosed.batches.size() == 1);
}

TEST_CASE("a request without an answer is dropped with a notice when") {
  World world;
  world.refuse("/v1/evaluate", 503, "busy", 1);
  REQUIRE_FALSE(world.run(book_of(0, 10)).has_value());
  const Bytes first = world.service->evaluations()[0];
  SECTION("it is older than a day") {
    const auto outcome =
        world.run(book_of(0, 10), UnixTime(kNow.value() + protocol::kPendingLife + 1)).value();
    REQUIRE(outcome.notices.size() == 1);
    REQUIRE(labels_of(outcome) == kAnna);
  }
  SECTION("the account is another") {
    const auto outcome = world.run(book_of(0, 10), kNow, "ben").value();
    REQUIRE(outcome.notices.size() == 1);
    REQUIRE(labels_of(outcome) == kAnna);
  }
  REQUIRE(world.service->evaluations()[1] != first);
}

TEST_CASE("spent allowance shows what was evaluated before and says why the rest is missing") {
  World world;
  REQUIRE(world.run(book_of(0, 10)).has_value());
  world.refuse("/v1/evaluate", 429, "allowance");
  const auto outcome = world.run(book_of(0, 15)).value();
  REQUIRE(labels_of(outcome) == kAnna);
  REQUIRE(outcome.stopped->fault == Fault::kSpent);
  REQUIRE(outcome.not_looked_up == 5);
  REQUIRE(outcome.disclosed.evaluations_charged == 0);
  // Asked again, the very same request goes out first.
  REQUIRE(world.run(book_of(0, 15)).value().stopped.has_value());
  const auto sent = world.service->evaluations();
  REQUIRE(sent.size() == 3);
  REQUIRE(sent[1] == sent[2]);
}

TEST_CASE("spent allowance on a first run is an error") {
  World world;
  world.refuse("/v1/evaluate", 429, "allowance");
  REQUIRE(world.run(book_of(0, 10)).error().fault == Fault::kSpent);
}

TEST_CASE("what belongs to an ended epoch goes from memory and from disk") {
  World world;
  REQUIRE(world.run(book_of(0, 10)).has_value());
  const auto file = world.folder / (world.city.epoch().id.hex() + ".bbd");
  REQUIRE(std::filesystem::exists(file));
  const UnixTime later(world.city.not_after().value() + 1);
  REQUIRE_FALSE(world.run(book_of(0, 10), later).has_value());
  REQUIRE_FALSE(std::filesystem::exists(file));
}

TEST_CASE("an epoch without contacts has begun all the same") {
  World world;
  REQUIRE(world.run({}).value().disclosed.batches.at(0).size == 64);
  REQUIRE(world.run({}).value().disclosed.batches.at(0).size == 16);
}

TEST_CASE("an epoch that changes while the allowance is spent is evaluated anew") {
  World world;
  REQUIRE(world.run(book_of(0, 10)).has_value());
  std::filesystem::remove(world.folder /
                          (world.city.epoch().id.hex() + ".bbd"));  // so that it has to be fetched
  int refusals = 0;
  world.service->set_override([&](const http::Request& request) -> std::optional<http::Response> {
    if (request.target == "/v1/evaluate" && refusals++ == 0) {
      return problem_response({.status = 429, .name = "allowance", .title = "refused", .retry_after = 77});
    }
    if (request.target.starts_with("/v1/directory") && refusals == 1) {
      // Between the refusal and the directory the operator moves on to an epoch with another life.
      world.city.begin_epoch_until(UnixTime(world.city.not_after().value() + 1));
      world.city.publish({{berlin(3), "anna"}});
      world.service->replace_announcement(world.city.announce());
      return problem_response({404, "not-found", "no such object"});
    }
    return std::nullopt;
  });
  const auto outcome = world.run(book_of(0, 10)).value();
  REQUIRE(labels_of(outcome) == kAnna);
  REQUIRE_FALSE(outcome.stopped.has_value());
}

}  // namespace blindbook::service
