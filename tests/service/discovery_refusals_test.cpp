// What a client makes of a service that refuses, is gone, lies, or is none; and of its own damaged memory.
#include <algorithm>

#include <catch2/catch.hpp>

#include "blindbook/base/domains.h"

#include "tests/service/discovery_world.h"

namespace blindbook::service {

TEST_CASE("a refusal of the service is named by whose fault it is") {
  World world;
  const auto check = [&](const std::string& target, unsigned status, std::string_view name, Fault fault,
                         std::string_view rule) {
    INFO(target << " " << status);
    world.refuse(target, status, name);
    const Error error = world.run(book_of(0, 10)).error();
    CHECK(error.rule == rule);
    CHECK(error.fault == fault);
    return error;
  };
  check("/v1/evaluate", 401, "token", Fault::kBadInput, "service.token");
  check("/v1/evaluate", 429, "allowance", Fault::kSpent, "service.allowance");
  for (const char* name : {"rate", "retries"}) {
    check("/v1/evaluate", 429, name, Fault::kUnavailable, "service.rate");
  }
  for (const unsigned status : {400U, 411U, 413U, 415U}) {
    check("/v1/evaluate", status, "element", Fault::kUnavailable, "service.refused");
  }
  for (const unsigned status : {204U, 206U, 302U, 403U, 404U, 500U}) {
    check("/v1/evaluate", status, "internal", Fault::kUnavailable, "service.status");
  }
  // What a proxy says when its worker was killed, or does not answer: the next run may find another.
  for (const unsigned status : {502U, 504U}) {
    const Error cut = check("/v1/evaluate", status, "internal", Fault::kUnavailable, "service.status");
    CHECK(cut.hint == "try again in 77 s");
  }
  for (const char* target : {"/v1/announcement", "/v1/evaluate", "/v1/directory"}) {
    const Error busy = check(target, 503, "busy", Fault::kUnavailable, "service.busy");
    CHECK(busy.hint == "try again in 77 s");
  }
  check("/v1/announcement", 410, "epoch", Fault::kUnavailable, "service.epoch");
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
  const std::string target = GENERATE("/v1/announcement", "/v1/evaluate", "/v1/directory");
  const std::string page = GENERATE(std::string(), std::string("\xBB"),
                                    std::string("<html>accept our terms</html>"), std::string(100'000, '<'));
  const auto type = GENERATE("text/html", "application/octet-stream");
  world.service->set_override([&](const http::Request& request) -> std::optional<http::Response> {
    if (!request.target.starts_with(target)) {
      return std::nullopt;
    }
    return http::Response{.status = 200, .content_type = type, .body = Bytes(page.begin(), page.end())};
  });
  const auto error = world.run(book_of(0, 10)).error();
  CHECK(error.rule ==
        (target == "/v1/announcement" ? "announcement.not-an-envelope" : "service.not-an-answer"));
  CHECK(error.fault == Fault::kUnavailable);
  CHECK(error.hint.find("captive portal") != std::string::npos);
  // Nothing is lost: what was sent is sent again as it was, what was answered is kept.
  world.service->set_override({});
  const std::size_t asked = world.service->evaluations().size();
  const auto outcome = world.run(book_of(0, 10)).value();
  CHECK(labels_of(outcome) == kAnna);
  if (target == "/v1/evaluate") {
    CHECK(world.service->evaluations().at(0) == world.service->evaluations().at(asked));
  }
}

TEST_CASE("a service that lies behind the magic is to blame") {
  World world;
  const std::string target = GENERATE("/v1/evaluate", "/v1/directory");
  world.service->set_override([&](const http::Request& request) -> std::optional<http::Response> {
    if (!request.target.starts_with(target)) {
      return std::nullopt;
    }
    const std::string_view magic = target == "/v1/evaluate" ? magic::kEvaluateAnswer : magic::kDirectory;
    return http::Response{.status = 200, .body = Bytes(magic.begin(), magic.end())};
  });
  const auto error = world.run(book_of(0, 10)).error();
  CHECK(error.rule == (target == "/v1/evaluate" ? "answer.header" : "directory.size"));
  CHECK(error.fault == Fault::kPeerMisbehaved);
}

TEST_CASE("a redirect is not followed and carries no token away") {
  World world;
  World elsewhere;
  const std::string target = GENERATE("/v1/announcement", "/v1/evaluate", "/v1/directory");
  const unsigned status = GENERATE(301U, 302U, 303U, 307U, 308U);
  world.service->set_override([&](const http::Request& request) -> std::optional<http::Response> {
    if (!request.target.starts_with(target)) {
      return std::nullopt;
    }
    return http::Response{.status = status,
                          .headers = {{"Location", elsewhere.service->endpoint().url() + request.target}}};
  });
  const auto error = world.run(book_of(0, 10)).error();
  CHECK(error.rule == "service.status");
  CHECK(error.fault == Fault::kUnavailable);
  CHECK(elsewhere.service->seen().empty());
}

TEST_CASE("a service without an epoch that lives and has a directory is asked for nothing more") {
  World world;
  SECTION("because it has published nothing") {
    world.city.epoch_to_announce().edition = Edition(0);
    world.city.epoch_to_announce().size = 0;
    world.city.epoch_to_announce().entries = 0;
  }
  SECTION("because its epoch has ended") {
    world.city.begin_epoch_until(UnixTime(kNow.value() - protocol::kClockTolerance - 1));
    world.city.publish({{berlin(3), "anna"}});
  }
  world.service->set_announcement(world.city.announce());
  const auto error = world.run(book_of(0, 10)).error();
  CHECK(error.rule == "discovery.no-epoch");
  CHECK(error.fault == Fault::kUnavailable);
  CHECK(world.service->seen() == std::vector<std::string>{"GET /v1/announcement"});
}

TEST_CASE("a stale announcement is nobodys fault") {
  World world;
  const auto late = UnixTime(kNow.value() + protocol::kAnnouncementLife + 3600);
  const auto error = world.run(book_of(0, 10), late).error();
  REQUIRE(error.rule == "announcement.stale");
  REQUIRE(error.fault == Fault::kUnavailable);
  REQUIRE(world.service->seen() == std::vector<std::string>{"GET /v1/announcement"});
}

TEST_CASE("an announcement from the future is nobodys fault") {
  World world;
  const auto early = UnixTime(kNow.value() - protocol::kClockTolerance - 1);
  const auto error = world.run(book_of(0, 10), early).error();
  REQUIRE(error.rule == "announcement.from-the-future");
  REQUIRE(error.fault == Fault::kUnavailable);
}

TEST_CASE("a certificate that a later one revoked is refused also by the next run") {
  World world;
  world.city.certify(2);
  world.service->set_announcement(world.city.announce());
  REQUIRE(world.run(book_of(0, 10)).has_value());
  world.city.certify(1);
  world.service->set_announcement(world.city.announce());
  for (int round = 0; round < 2; ++round) {
    const auto error = world.run(book_of(0, 10)).error();
    REQUIRE(error.rule == "certificate.revoked");
    REQUIRE(error.fault == Fault::kPeerMisbehaved);
  }
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
  REQUIRE(error.rule == "oprf.proof");
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

TEST_CASE("a state whose key is lost is refused") {
  World world;
  REQUIRE(world.run(book_of(0, 10)).has_value());
  std::filesystem::remove(world.folder / "state.key");
  REQUIRE(world.run(book_of(0, 10)).error().rule == "state.missing-key");
}

TEST_CASE("a state that others may read or write is refused with the repair") {
  World world;
  REQUIRE(world.run(book_of(0, 10)).has_value());
  world.service->forget();
  const auto file = world.folder / GENERATE("state", "state.key");
  using std::filesystem::perms;
  const perms more = GENERATE(perms::group_read, perms::group_write, perms::others_read, perms::others_write);
  std::filesystem::permissions(file, more, std::filesystem::perm_options::add);
  const auto error = world.run(book_of(0, 10)).error();
  CHECK(error.rule == "file.access");
  CHECK(error.hint == "chmod 600 " + file.string());
  CHECK(world.service->seen().empty());
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
