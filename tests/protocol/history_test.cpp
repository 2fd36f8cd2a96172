#include "blindbook/protocol/history.h"

#include <algorithm>

#include <catch2/catch.hpp>

#include "blindbook/base/domains.h"

#include "tests/protocol/in_memory_operator.h"

namespace blindbook::protocol {
namespace {

using namespace test_support;

OpenedAnnouncement open(InMemoryOperator& city, const Bytes& object) {
  return open_announcement(object, city.root_key()).value();
}

}  // namespace

TEST_CASE("a client follows the chain from its first announcement") {
  InMemoryOperator city;
  city.publish({});
  const auto first = open(city, city.announce());
  city.publish({});
  const auto second = open(city, city.announce());
  city.publish({});
  (void)city.announce();
  city.publish({});
  const auto fourth = open(city, city.announce());

  auto step = follow({}, first, kNow).value();
  REQUIRE(step.link == ChainLink::kFirst);
  REQUIRE(step.history.seq == 1);
  REQUIRE(follow(step.history, first, kNow).value().link == ChainLink::kSame);
  step = follow(step.history, second, kNow).value();
  REQUIRE(step.link == ChainLink::kNext);
  REQUIRE(step.history.head == second.head);
  REQUIRE(follow(step.history, fourth, kNow).value().link == ChainLink::kGap);
}

TEST_CASE("an older announcement is a rollback and no evidence") {
  InMemoryOperator city;
  city.publish({});
  const auto first = open(city, city.announce());
  city.publish({});
  const auto second = open(city, city.announce());
  const auto history = follow({}, second, kNow).value().history;
  const auto conflict = follow(history, first, kNow);
  REQUIRE_FALSE(conflict.has_value());
  REQUIRE(conflict.error().error.rule == "history.rollback");
  REQUIRE(conflict.error().error.fault == Fault::kPeerMisbehaved);
  REQUIRE_FALSE(conflict.error().evidence.has_value());
}

TEST_CASE("an older edition under a later seq is a rollback") {
  InMemoryOperator city;
  city.publish({});
  city.publish({});
  const auto history = follow({}, open(city, city.announce()), kNow).value().history;
  city.epoch_to_announce().edition = Edition(1);
  REQUIRE(follow(history, open(city, city.announce()), kNow).error().error.rule == "history.rollback");
}

TEST_CASE("a fork is refused with both announcements as evidence when") {
  InMemoryOperator city;
  city.publish({});
  const Bytes honest = city.announce();
  const auto history = follow({}, open(city, honest), kNow).value().history;
  const auto refuse = [&](const Bytes& object) {
    const auto conflict = follow(history, open(city, object), kNow);
    REQUIRE_FALSE(conflict.has_value());
    REQUIRE(conflict.error().error.rule == "history.fork");
    REQUIRE(conflict.error().error.fault == Fault::kPeerMisbehaved);
    ByteReader evidence(*conflict.error().evidence);
    REQUIRE(evidence.accept(magic::kEvidence));
    const ByteView first = evidence.raw(evidence.u32());
    const ByteView second = evidence.raw(evidence.u32());
    REQUIRE(evidence.finished());
    REQUIRE(Bytes(first.begin(), first.end()) == honest);
    REQUIRE(Bytes(second.begin(), second.end()) == object);
  };

  SECTION("one seq has two announcements") {
    city.next().next_publication = UnixTime(kNow.value() + 1);
    Announcement twin = open_announcement(honest, city.root_key()).value().announcement;
    twin.next_publication = UnixTime(kNow.value() + 1);
    refuse(sign_announcement(twin, city.announcer()));
  }
  SECTION("the successor names another head") {
    Announcement next = open_announcement(honest, city.root_key()).value().announcement;
    next.seq += 1;
    next.previous_head = Head();
    refuse(sign_announcement(next, city.announcer()));
  }
  SECTION("one edition has two roots") {
    city.epoch_to_announce().root = Root();
    refuse(city.announce());
  }
}

TEST_CASE("a certificate of a lower serial is revoked") {
  InMemoryOperator city;
  city.publish({});
  city.certify(5);
  const auto history = follow({}, open(city, city.announce()), kNow).value().history;
  REQUIRE(history.highest_serial == 5);
  city.certify(4);
  REQUIRE(follow(history, open(city, city.announce()), kNow).error().error.rule == "certificate.revoked");
  city.certify(6);
  (void)city.announce();
  REQUIRE(follow(history, open(city, city.announce()), kNow).value().history.highest_serial == 6);
}

TEST_CASE("an epoch that was left out once must not come back older or other") {
  InMemoryOperator city;
  city.publish({});
  city.publish({});
  auto history = follow({}, open(city, city.announce()), kNow).value().history;
  const AnnouncedEpoch first = city.epoch();
  city.begin_epoch_until(UnixTime(city.not_after().value() + 1));
  city.publish({});
  history = follow(history, open(city, city.announce()), kNow).value().history;
  REQUIRE(history.editions.size() == 2);
  city.epoch_to_announce() = first;
  SECTION("older") {
    city.epoch_to_announce().edition = Edition(1);
    REQUIRE(follow(history, open(city, city.announce()), kNow).error().error.rule == "history.rollback");
  }
  SECTION("other") {
    city.epoch_to_announce().root = Root();
    REQUIRE(follow(history, open(city, city.announce()), kNow).error().error.rule == "history.fork");
  }
  SECTION("the same is fine") {
    REQUIRE(follow(history, open(city, city.announce()), kNow).has_value());
  }
  SECTION("after its end it is forgotten") {
    const UnixTime later(first.not_after.value() + 1);
    city.begin_epoch_until(UnixTime(first.not_after.value() + 2));
    city.publish({});
    const auto followed = follow(history, open(city, city.announce()), later).value().history;
    REQUIRE(std::ranges::find(followed.editions, first.id, &SeenEdition::epoch) == followed.editions.end());
  }
}

TEST_CASE("an epoch that ended is no rollback") {
  InMemoryOperator city;
  city.publish({});
  auto history = follow({}, open(city, city.announce()), kNow).value().history;
  history.editions[0].epoch = EpochId();
  history.editions[0].edition = Edition(99);
  REQUIRE(follow(history, open(city, city.announce()), kNow).has_value());
}

TEST_CASE("a service that announces ever more epochs is refused before they fill the memory") {
  InMemoryOperator city;
  city.publish({});
  const auto opened = open(city, city.announce());
  OperatorHistory history;
  history.highest_serial = 1;
  const auto remember = [&](std::uint8_t high, std::uint8_t low, UnixTime not_after) {
    EpochId id;
    id.mutable_view()[0] = high;
    id.mutable_view()[1] = low;
    history.editions.push_back({id, Edition(1), Root(), not_after});
  };
  for (int i = 0; i < 255; ++i) {
    remember(0, static_cast<std::uint8_t>(i), kNow);
  }
  remember(1, 0, UnixTime(kNow.value() - 1));  // has ended, and does not count
  REQUIRE(follow(history, opened, kNow).value().history.editions.size() == 256);
  remember(1, 1, kNow);
  const auto refused = follow(history, opened, kNow);
  REQUIRE(refused.error().error.rule == "history.epochs");
  REQUIRE(refused.error().error.fault == Fault::kPeerMisbehaved);
  REQUIRE_FALSE(refused.error().evidence.has_value());
}

TEST_CASE("a refused announcement changes nothing that is remembered") {
  InMemoryOperator city;
  city.publish({});
  const auto first = open(city, city.announce());
  city.publish({});
  const auto second = open(city, city.announce());
  const auto history = follow({}, second, kNow).value().history;
  const auto before = history;
  REQUIRE_FALSE(follow(history, first, kNow).has_value());
  REQUIRE(history == before);
  REQUIRE(follow(history, second, kNow).value().link == ChainLink::kSame);
}

}  // namespace blindbook::protocol
