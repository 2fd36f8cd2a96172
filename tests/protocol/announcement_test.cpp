#include "blindbook/protocol/announcement.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/protocol/signed_json.h"

namespace blindbook::protocol {
namespace {

using namespace test_support;
using nlohmann::json;

}  // namespace

TEST_CASE("an announcement opens to what was signed") {
  InMemoryOperator city;
  city.publish({{berlin(1), "one"}});
  city.epoch_to_announce().edition = Edition(9);
  city.epoch_to_announce().patches = {{Edition(3), 100, Digest()}, {Edition(8), 50, Digest()}};
  const Bytes object = city.announce();
  const auto opened = open_announcement(object, city.root_key()).value();
  REQUIRE(opened.announcement == city.next());
  REQUIRE(opened.object == object);
  REQUIRE(opened.certificate.serial == 1);
  REQUIRE(opened.head == next_head(Head(), object));
  REQUIRE(check_fresh(opened, kNow).has_value());
}

TEST_CASE("an announced epoch without an edition has neither root nor size") {
  InMemoryOperator city;
  const auto opened = open_announcement(city.announce(), city.root_key()).value();
  REQUIRE(opened.announcement.epochs[0].edition == Edition(0));
  REQUIRE(json::parse(json_in(opened.object))["epochs"][0]["root"].is_null());
}

TEST_CASE("members added by a later version are passed over") {
  InMemoryOperator city;
  city.publish({});
  json all = json::parse(json_in(city.announce()));
  all["later"] = "news";
  REQUIRE(open_announcement(signed_json(city, all.dump()), city.root_key()).has_value());
}

TEST_CASE("an announcement is fresh for its days and 10 minutes more") {
  InMemoryOperator city;
  city.publish({});
  const auto opened = open_announcement(city.announce(), city.root_key()).value();
  const auto rule_at = [&](std::uint64_t at) -> std::string_view {
    const auto fresh = check_fresh(opened, UnixTime(at));
    return fresh ? "" : fresh.error().rule;
  };
  const std::uint64_t issued = kNow.value();
  REQUIRE(rule_at(issued).empty());
  REQUIRE(rule_at(issued - kClockTolerance).empty());
  REQUIRE(rule_at(issued - kClockTolerance - 1) == "announcement.from-the-future");
  REQUIRE(rule_at(issued + kAnnouncementLife + kClockTolerance).empty());
  REQUIRE(rule_at(issued + kAnnouncementLife + kClockTolerance + 1) == "announcement.stale");
}

TEST_CASE("an announcement is fresh while its certificate is valid and 10 minutes around") {
  InMemoryOperator city;
  city.publish({});
  const auto rule_for = [&](std::uint64_t not_before, std::uint64_t not_after) -> std::string_view {
    city.next().certificate = issue_certificate({.serial = 1,
                                                 .key = city.announcer().public_key(),
                                                 .not_before = UnixTime(not_before),
                                                 .not_after = UnixTime(not_after)},
                                                city.root())
                                  .value();
    const auto opened = open_announcement(city.announce(), city.root_key()).value();
    const auto fresh = check_fresh(opened, kNow);
    return fresh ? "" : fresh.error().rule;
  };
  const std::uint64_t now = kNow.value();
  REQUIRE(rule_for(now - 2 * kDay, now - kClockTolerance).empty());
  REQUIRE(rule_for(now - 2 * kDay, now - kClockTolerance - 1) == "certificate.expired");
  REQUIRE(rule_for(now + kClockTolerance, now + kDay).empty());
  REQUIRE(rule_for(now + kClockTolerance + 1, now + kDay) == "certificate.expired");
}

TEST_CASE("what cannot be used now accuses nobody and points at the clock") {
  InMemoryOperator city;
  city.publish({});
  const auto opened = open_announcement(city.announce(), city.root_key()).value();
  for (const std::uint64_t at : {kNow.value() - kDay, kNow.value() + 30 * kDay}) {
    const Error error = check_fresh(opened, UnixTime(at)).error();
    REQUIRE(error.fault == Fault::kUnavailable);
    REQUIRE(error.hint.find("check this machine's clock") != std::string::npos);
  }
}

TEST_CASE("times at the end of their range are times") {
  InMemoryOperator city;
  city.publish({});
  json all = json::parse(json_in(city.announce()));
  const auto rule = [&]() -> std::string_view {
    const auto opened = open_announcement(signed_json(city, all.dump()), city.root_key()).value();
    const auto fresh = check_fresh(opened, kNow);
    return fresh ? "" : fresh.error().rule;
  };
  all["valid_until"] = ~std::uint64_t{0};
  REQUIRE(rule().empty());
  all["issued_at"] = ~std::uint64_t{0};
  REQUIRE(rule() == "announcement.from-the-future");
}

}  // namespace blindbook::protocol
