#include <catch2/catch.hpp>

#include "blindbook/hash/sha2.h"
#include "blindbook/protocol/evidence.h"
#include "blindbook/protocol/log_segment.h"

#include "tests/service/discovery_world.h"

using namespace blindbook;
using namespace blindbook::service;
using namespace blindbook::test_support;
using protocol::ChainLink;

namespace {

/// A service whose log is what it announced.
struct LoggedWorld : World {
  LoggedWorld() { serve(*service); }

  void announce_again() {
    city.publish({{berlin(3), "anna"}});
    const Bytes object = city.announce();
    log.objects.emplace_back(hash::sha256({object}));
    service->set_announcement(object);
  }

  void serve(LoopbackService& at) {
    at.set_override([this](const http::Request& request) -> std::optional<http::Response> {
      if (!request.target.starts_with("/v1/log?from=")) {
        return std::nullopt;
      }
      const std::uint64_t from = std::stoull(request.target.substr(13));
      http::Response out;
      out.content_type = "application/octet-stream";
      out.body = protocol::encode_log(log.part(from, log.last()));
      return out;
    });
  }
  [[nodiscard]] bool asked_for_log() const {
    for (const std::string& request : service->seen()) {
      if (request.starts_with("GET /v1/log")) {
        CHECK(request == "GET /v1/log?from=2");  // without a token
        return true;
      }
    }
    return false;
  }

  protocol::LogSegment log;
};

}  // namespace

TEST_CASE("a run that missed announcements asks for the log, and one that missed none does not") {
  LoggedWorld world;
  const protocol::Head first = world.run(book_of(0, 10)).value().head;
  world.log = {.first = 2, .before = first, .objects = {}};
  world.announce_again();
  CHECK(world.run(book_of(0, 10)).value().chain == ChainLink::kNext);
  CHECK_FALSE(world.asked_for_log());

  LoggedWorld behind;
  behind.log = {.first = 2, .before = behind.run(book_of(0, 10)).value().head, .objects = {}};
  behind.announce_again();
  behind.announce_again();
  behind.announce_again();
  CHECK(behind.run(book_of(0, 10)).value().chain == ChainLink::kLogged);
  CHECK(behind.asked_for_log());
}

TEST_CASE("a service without a log leaves the gap") {
  World world;
  REQUIRE(world.run(book_of(0, 10)));
  world.city.publish({{berlin(3), "anna"}});
  (void)world.city.announce();
  world.service->set_announcement(world.city.announce());
  CHECK(world.run(book_of(0, 10)).value().chain == ChainLink::kGap);
}

TEST_CASE("a log that leads elsewhere ends the run before anything is evaluated") {
  LoggedWorld world;
  world.log = {.first = 2, .before = world.run(book_of(0, 10)).value().head, .objects = {}};
  world.announce_again();
  world.announce_again();
  world.log.objects[0] = Digest();
  world.service->forget();
  const auto outcome = world.run(book_of(0, 10));
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().rule == "log.chain");
  CHECK(world.service->evaluations().empty());
}

namespace {

/// A service and a mirror of the same operator.
struct MirroredWorld : LoggedWorld {
  MirroredWorld() : mirror(city) {
    serve(mirror);
    announcement = city.announce();
    service->set_announcement(announcement);
    mirror.set_announcement(announcement);
    log.objects.emplace_back(hash::sha256({announcement}));
    log.first = 0;  // set by whoever needs it
  }
  Result<DiscoveryOutcome> look() {
    auto memory =
        ClientMemory::open(state_file(), protocol::fingerprint_of(city.root_key()), city.random()).value();
    const DiscoverySettings settings{.service = service->endpoint(),
                                     .mirror = mirror.endpoint(),
                                     .trust = {},
                                     .root = city.root_key(),
                                     .token = token_for(city, "anna"),
                                     .progress = {}};
    return discover(settings, book_of(0, 10), memory, kNow, city.random());
  }
  [[nodiscard]] Bytes next() {
    city.publish({{berlin(3), "anna"}});
    return city.announce();
  }

  LoopbackService mirror;
  Bytes announcement;
};

}  // namespace

TEST_CASE("a mirror that shows the same announcement is asked once, without a token, and the run goes on") {
  MirroredWorld world;
  world.mirror.forget();
  const auto outcome = world.look().value();
  CHECK(labels_of(outcome) == kAnna);
  CHECK(world.mirror.seen() == std::vector<std::string>{"GET /v1/announcement"});
  bool disclosed = false;
  for (const DisclosedRequest& request : outcome.disclosed.requests) {
    disclosed = disclosed || request.path == world.mirror.endpoint().url() + "/v1/announcement";
  }
  CHECK(disclosed);
}

TEST_CASE("a mirror that is one announcement before or behind is on the same chain") {
  MirroredWorld world;
  const Bytes later = world.next();
  SECTION("behind") {
    world.service->set_announcement(later);
  }
  SECTION("before") {
    // The service still shows the earlier edition; its directory is what this test does not have.
    world.mirror.set_announcement(later);
    const auto outcome = world.look();
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().rule != "history.fork");
    CHECK(outcome.error().rule != "mirror.gap");
    return;
  }
  CHECK(labels_of(world.look().value()) == kAnna);
}

TEST_CASE("a mirror further behind is on the chain when the log says so") {
  MirroredWorld world;
  const auto held = protocol::open_announcement(world.announcement, world.city.root_key()).value();
  world.log = {.first = held.announcement.seq + 1, .before = held.head, .objects = {}};
  Bytes newest;
  for (int i = 0; i < 3; ++i) {
    newest = world.next();
    world.log.objects.emplace_back(hash::sha256({newest}));
  }
  world.service->set_announcement(newest);
  CHECK(labels_of(world.look().value()) == kAnna);

  world.service->set_override({});  // no log
  const auto outcome = world.look();
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().rule == "mirror.gap");
}

TEST_CASE("a mirror that shows another announcement of the same number is a fork with evidence") {
  MirroredWorld world;
  InMemoryOperator twin;  // the same keys: the operator itself signs both
  twin.publish({{berlin(3), "anna"}});
  (void)twin.announce();
  (void)twin.announce();
  twin.publish({{berlin(4), "ben"}});
  const Bytes other = twin.announce();
  const auto shown = protocol::open_announcement(world.announcement, world.city.root_key()).value();
  REQUIRE(protocol::open_announcement(other, world.city.root_key()).value().announcement.seq ==
          shown.announcement.seq);
  world.mirror.set_announcement(other);
  world.service->forget();
  const auto outcome = world.look();
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().rule == "history.fork");
  CHECK(outcome.error().fault == Fault::kPeerMisbehaved);
  CHECK(outcome.error().hint.find("evidence") != std::string::npos);
  CHECK(world.service->evaluations().empty());
}

TEST_CASE("a mirror of another operator, or none, ends the run") {
  MirroredWorld world;
  InMemoryOperator other(5);
  other.publish({});
  world.mirror.set_announcement(other.announce());
  CHECK(world.look().error().fault == Fault::kPeerMisbehaved);
  world.mirror.set_announcement(Bytes{'<', 'h', 't', 'm', 'l', '>'});
  CHECK(world.look().error().rule == "announcement.not-an-envelope");
}
