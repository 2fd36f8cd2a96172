#include "blindbook/service/discovery.h"

#include <fstream>

#include <catch2/catch.hpp>

#include "blindbook/service/token.h"

#include "tests/service/loopback_service.h"
#include "tests/support/temporary_folder.h"

namespace blindbook::service {
namespace {

using namespace test_support;
using protocol::ChainLink;

std::vector<Identifier> book_of(int from, int to) {
  std::vector<Identifier> book;
  for (int i = from; i < to; ++i) {
    book.push_back(berlin(i));
  }
  return book;
}

std::string token_for(InMemoryOperator& city, const std::string& account) {
  return mint_token(protocol::Ed25519SecretKey::generate(city.random()),
                    {.issuer = "blindbook",
                     .kid = "k",
                     .audience = protocol::fingerprint_of(city.root_key()).hex(),
                     .account = account,
                     .issued_at = kNow},
                    city.random())
      .value();
}

/// A client on disk, beside a service in the same process.
struct World {
  explicit World(const std::vector<std::pair<Identifier, std::string>>& subscribers = {{berlin(3), "anna"}}) {
    city.publish(subscribers);
    service.emplace(city);
  }

  std::filesystem::path state_file() const { return folder / "state"; }

  Result<DiscoveryOutcome> run(const std::vector<Identifier>& book, UnixTime now = kNow,
                               const std::string& account = "anna", bool scheduled = false) {
    auto memory = ClientMemory::open(state_file(), protocol::fingerprint_of(city.root_key()), city.random());
    if (!memory) {
      return failed(memory);
    }
    return run_with(*memory, book, now, account, scheduled);
  }

  Result<DiscoveryOutcome> run_with(ClientMemory& memory, const std::vector<Identifier>& book,
                                    UnixTime now = kNow, const std::string& account = "anna",
                                    bool scheduled = false) {
    const DiscoverySettings settings{.service = service->endpoint(),
                                     .trust = {},
                                     .root = city.root_key(),
                                     .token = token_for(city, account),
                                     .scheduled = scheduled,
                                     .progress = {}};
    return discover(settings, book, memory, now, city.random());
  }

  void refuse(const std::string& target, unsigned status, std::string_view name, int times = 1000) {
    service->set_override(
        [=, left = times](const http::Request& request) mutable -> std::optional<http::Response> {
          if (request.target.starts_with(target) && left-- > 0) {
            return problem_response({.status = status, .name = name, .title = "refused", .retry_after = 77});
          }
          return std::nullopt;
        });
  }

  InMemoryOperator city;
  TemporaryFolder folder;
  std::optional<LoopbackService> service;
};

std::vector<std::string> labels_of(const DiscoveryOutcome& outcome) {
  std::vector<std::string> labels;
  for (const auto& match : outcome.matches) {
    labels.push_back(*match.label);
  }
  return labels;
}

const std::vector<std::string> kAnna{"@anna:city.example"};

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
  REQUIRE(disclosed.account == "anna");
  REQUIRE(disclosed.batches.size() == 1);
  REQUIRE(disclosed.batches[0].size == 64);
  REQUIRE(disclosed.batches[0].answered);
  REQUIRE_FALSE(disclosed.batches[0].resumed);
  REQUIRE(disclosed.evaluations_charged == 64);
  REQUIRE(disclosed.requests.size() == 3);
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
  for (const DisclosedRequest& request : disclosed.requests) {
    sent += request.bytes_sent;
    received += request.bytes_received;
  }
  REQUIRE(disclosed.bytes_sent == sent);
  REQUIRE(disclosed.bytes_received == received);
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

TEST_CASE("a refusal of the service is named by whose fault it is") {
  World world;
  const auto error_for = [&](const std::string& target, unsigned status, std::string_view name) {
    world.refuse(target, status, name);
    return world.run(book_of(0, 10)).error();
  };
  REQUIRE(error_for("/v1/evaluate", 401, "token").fault == Fault::kBadInput);
  REQUIRE(error_for("/v1/evaluate", 429, "rate").fault == Fault::kUnavailable);
  REQUIRE(error_for("/v1/evaluate", 400, "request").fault == Fault::kUnavailable);
  REQUIRE(error_for("/v1/evaluate", 500, "internal").fault == Fault::kUnavailable);
  REQUIRE(error_for("/v1/announcement", 503, "busy").fault == Fault::kUnavailable);
}

TEST_CASE("an epoch or edition that has gone makes the client ask for the announcement again") {
  World world;
  SECTION("410 to an evaluation") {
    world.refuse("/v1/evaluate", 410, "epoch", 1);
    const auto outcome = world.run(book_of(0, 10)).value();
    REQUIRE(labels_of(outcome) == kAnna);
    REQUIRE(outcome.notices.empty());
    REQUIRE(outcome.disclosed.batches.size() == 2);
    REQUIRE_FALSE(outcome.disclosed.batches[0].answered);
  }
  SECTION("404 to a directory") {
    world.refuse("/v1/directory", 404, "not-found", 1);
    REQUIRE(labels_of(world.run(book_of(0, 10)).value()) == kAnna);
    REQUIRE(world.service->evaluations().size() == 1);
  }
  SECTION("at most 3 times") {
    world.refuse("/v1/directory", 404, "not-found");
    REQUIRE(world.run(book_of(0, 10)).error().rule == "discovery.moving");
    REQUIRE(world.service->evaluations().size() == 1);
    const auto seen = world.service->seen();
    REQUIRE(std::count(seen.begin(), seen.end(), "GET /v1/announcement") == 4);
  }
}

TEST_CASE("a captive portal is nobodys fault") {
  World world;
  world.service->set_override([](const http::Request&) {
    const std::string_view page = "<html>accept our terms</html>";
    return http::Response{
        .status = 200, .content_type = "text/html", .body = Bytes(page.begin(), page.end())};
  });
  const auto error = world.run(book_of(0, 10)).error();
  REQUIRE(error.rule == "announcement.not-an-envelope");
  REQUIRE(error.fault == Fault::kUnavailable);
}

TEST_CASE("a stale announcement is nobodys fault") {
  World world;
  const auto late = UnixTime(kNow.value() + protocol::kAnnouncementLife + 3600);
  REQUIRE(world.run(book_of(0, 10), late).error().fault == Fault::kUnavailable);
}

TEST_CASE("a wrong proof ends the run before any directory is asked for") {
  World world;
  world.service->set_override([&](const http::Request& request) -> std::optional<http::Response> {
    if (request.target != "/v1/evaluate") {
      return std::nullopt;
    }
    Bytes body = world.city.answer(request.body).value();
    body.back() ^= 1;
    return http::Response{.status = 200, .content_type = "application/octet-stream", .body = std::move(body)};
  });
  const auto error = world.run(book_of(0, 10)).error();
  REQUIRE(error.fault == Fault::kPeerMisbehaved);
  REQUIRE(world.service->seen().size() == 2);
}

TEST_CASE("a directory with a wrong root shows nothing and is not kept") {
  World world;
  world.service->set_override([&](const http::Request& request) -> std::optional<http::Response> {
    if (!request.target.starts_with("/v1/directory")) {
      return std::nullopt;
    }
    Bytes body = world.city.directory_file();
    body.back() ^= 1;
    return http::Response{.status = 200, .content_type = "application/octet-stream", .body = std::move(body)};
  });
  REQUIRE(world.run(book_of(0, 10)).error().rule == "directory.root");
  REQUIRE_FALSE(std::filesystem::exists(world.folder / (world.city.epoch().id.hex() + ".bbd")));
  REQUIRE_FALSE(std::filesystem::exists(world.folder / (world.city.epoch().id.hex() + ".bbd.part")));
  // What was paid for is kept: the next run asks for new numbers only.
  world.service->set_override({});
  const auto outcome = world.run(book_of(0, 10)).value();
  REQUIRE(labels_of(outcome) == kAnna);
  REQUIRE(outcome.evaluated == 0);
}

TEST_CASE("a rollback is refused and the memory of it stays") {
  World world;
  const Bytes old = world.city.announce();
  world.city.publish({});
  world.service->set_announcement(world.city.announce());
  REQUIRE(world.run(book_of(0, 10)).has_value());
  world.service->set_announcement(old);
  for (int round = 0; round < 2; ++round) {
    const auto error = world.run(book_of(0, 10)).error();
    REQUIRE(error.rule == "history.rollback");
    REQUIRE(error.fault == Fault::kPeerMisbehaved);
  }
}

TEST_CASE("a fork is refused and both announcements are kept as evidence") {
  World world;
  REQUIRE(world.run(book_of(0, 10)).has_value());
  world.city.epoch_to_announce().root = Root();
  world.service->set_announcement(world.city.announce());
  const auto error = world.run(book_of(0, 10)).error();
  REQUIRE(error.rule == "history.fork");
  REQUIRE(error.hint.find("evidence") != std::string::npos);
  REQUIRE(std::filesystem::file_size(world.folder / ("evidence-" + std::to_string(kNow.value()) + ".bbe")) >
          500);
}

TEST_CASE("a state that another run uses is locked") {
  World world;
  const auto held = ClientMemory::open(world.state_file(), protocol::fingerprint_of(world.city.root_key()),
                                       world.city.random())
                        .value();
  REQUIRE(world.run(book_of(0, 10)).error().rule == "state.locked");
}

TEST_CASE("a state whose key is lost or readable by others is refused") {
  World world;
  REQUIRE(world.run(book_of(0, 10)).has_value());
  const auto key = world.folder / "state.key";
  SECTION("lost") {
    std::filesystem::remove(key);
    REQUIRE(world.run(book_of(0, 10)).error().rule == "state.missing-key");
  }
  SECTION("readable by others") {
    std::filesystem::permissions(key, std::filesystem::perms::others_read,
                                 std::filesystem::perm_options::add);
    REQUIRE(world.run(book_of(0, 10)).error().rule == "file.access");
  }
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

TEST_CASE("a token that is none is refused before any connection") {
  World world;
  auto memory = ClientMemory::of_this_run_only(world.city.random());
  const DiscoverySettings settings{.service = world.service->endpoint(),
                                   .trust = {},
                                   .root = world.city.root_key(),
                                   .token = "nonsense",
                                   .progress = {}};
  const auto book = book_of(0, 3);
  REQUIRE(discover(settings, book, memory, kNow, world.city.random()).error().rule == "token.encoding");
  REQUIRE(world.service->seen().empty());
}

TEST_CASE("a refused first batch does not make the next one a later run") {
  World world;
  SECTION("refused because the epoch has gone") {
    world.refuse("/v1/evaluate", 410, "epoch", 1);
    REQUIRE(world.run(book_of(0, 5)).has_value());
  }
  SECTION("dropped because it was a day old") {
    world.refuse("/v1/evaluate", 503, "busy", 1);
    REQUIRE_FALSE(world.run(book_of(0, 5)).has_value());
    REQUIRE(world.run(book_of(0, 5), UnixTime(kNow.value() + protocol::kPendingLife + 1)).has_value());
  }
  const auto sent = world.service->evaluations();
  REQUIRE(sent.size() == 2);
  REQUIRE(sent[0].size() == sent[1].size());
}

TEST_CASE("an epoch without contacts has begun all the same") {
  World world;
  REQUIRE(world.run({}).value().disclosed.batches.at(0).size == 64);
  REQUIRE(world.run({}).value().disclosed.batches.at(0).size == 16);
}

TEST_CASE("an epoch that changes while the allowance is spent is evaluated anew") {
  World world;
  REQUIRE(world.run(book_of(0, 10)).has_value());
  std::filesystem::remove(world.folder / (world.city.epoch().id.hex() + ".bbd"));  // so that it has to be fetched
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

TEST_CASE("a state serves one operator") {
  World world;
  REQUIRE(world.run(book_of(0, 10)).has_value());
  const protocol::RootFingerprint other = protocol::fingerprint_of(InMemoryOperator(2).root_key());
  const auto opened = ClientMemory::open(world.state_file(), other, world.city.random());
  REQUIRE(opened.error().rule == "state.operator");
  REQUIRE(opened.error().fault == Fault::kBadInput);
}

TEST_CASE("a stale rollback is a rollback") {
  World world;
  const Bytes old = world.city.announce();
  world.service->set_announcement(world.city.announce());
  REQUIRE(world.run(book_of(0, 10)).has_value());
  world.service->set_announcement(old);
  const auto late = UnixTime(kNow.value() + protocol::kAnnouncementLife + 3600);
  REQUIRE(world.run(book_of(0, 10), late).error().rule == "history.rollback");
}

TEST_CASE("a token that would break out of its header is refused before any connection") {
  World world;
  auto memory = ClientMemory::of_this_run_only(world.city.random());
  const auto book = book_of(0, 3);
  const std::string good = token_for(world.city, "anna");
  for (const std::string& token : {good + "\r\nX-Injected: yes", good + ".x", good + "=", good + " "}) {
    const DiscoverySettings settings{.service = world.service->endpoint(),
                                     .trust = {},
                                     .root = world.city.root_key(),
                                     .token = token,
                                     .progress = {}};
    REQUIRE(discover(settings, book, memory, kNow, world.city.random()).error().rule == "token.encoding");
  }
  REQUIRE(world.service->seen().empty());
}

TEST_CASE("a folder that takes no directory costs the copy and not the run") {
  World world;
  // A folder stands where the directory would grow.
  std::filesystem::create_directory(world.folder / (world.city.epoch().id.hex() + ".bbd.part"));
  const auto outcome = world.run(book_of(0, 10)).value();
  REQUIRE(labels_of(outcome) == kAnna);
  REQUIRE(outcome.notices.size() == 1);
}

}  // namespace blindbook::service
