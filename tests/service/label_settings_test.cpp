#include "blindbook/service/label_settings.h"

#include <array>

#include <catch2/catch.hpp>

#include "blindbook/protocol/epoch.h"

#include "tests/support/deterministic_random.h"

namespace blindbook::service {
namespace {

using protocol::LabelMode;

constexpr UnixTime kNow{1'800'000'000};

protocol::AnnouncedEpoch published_epoch(LabelMode mode, std::uint16_t label_bytes,
                                         std::string label_template) {
  test_support::DeterministicRandom random(5);
  const oprf::Suite& suite = *oprf::find_suite(SuiteId::kRistretto255Sha512);
  Result<oprf::KeyPair> key = protocol::make_epoch_key(suite, "city", kNow, random);
  REQUIRE(key);
  const UnixTime end(kNow.value() + 1'000);
  return {.id = protocol::epoch_id("city", key->public_key, kNow, end),
          .public_key = key->public_key,
          .not_before = kNow,
          .not_after = end,
          .edition = Edition(1),
          .root = {},
          .label_mode = mode,
          .label_bytes = label_bytes,
          .label_template = std::move(label_template),
          .patches = {}};
}

struct Fixture {
  protocol::Announcement last;
  std::array<EpochId, 1> old_epoch;
  std::array<EpochId, 1> new_epoch{EpochId(std::array<std::uint8_t, 16>{1})};

  Fixture(LabelMode mode, std::uint16_t label_bytes, std::string label_template) {
    last.epochs.push_back(published_epoch(mode, label_bytes, std::move(label_template)));
    old_epoch[0] = last.epochs[0].id;
  }
};

LabelRequest request(std::optional<LabelMode> mode, std::optional<std::uint16_t> bytes = std::nullopt,
                     std::optional<std::string> text = std::nullopt) {
  return {.mode = mode, .label_bytes = bytes, .label_template = std::move(text)};
}

TEST_CASE("the first publication embeds labels and leaves their length open") {
  const Fixture fixture(LabelMode::kNone, 0, std::string());
  const auto settings = settle_labels({}, fixture.new_epoch, nullptr);
  REQUIRE(settings);
  CHECK(settings->front().mode == LabelMode::kEmbedded);
  CHECK_FALSE(settings->front().label_bytes);
  CHECK(settings->front().label_template.text().empty());
  CHECK_FALSE(settings->front().is_fixed);
  CHECK(settings->front().max_stripped_bytes() == 510);
}

TEST_CASE("the first publication takes what is asked for") {
  const Fixture fixture(LabelMode::kNone, 0, std::string());
  const auto settings =
      settle_labels(request(LabelMode::kEmbedded, 40, "@{}:city.example"), fixture.new_epoch, nullptr);
  REQUIRE(settings);
  CHECK(settings->front().label_bytes == 40);
  CHECK(settings->front().label_template.text() == "@{}:city.example");
  CHECK(settings->front().max_stripped_bytes() == 38);
}

TEST_CASE("later publications of an epoch keep its settings") {
  const Fixture fixture(LabelMode::kEmbedded, 32, "@{}:city.example");
  for (const LabelRequest& asked :
       {request({}), request(LabelMode::kEmbedded), request({}, 32), request({}, {}, "@{}:city.example")}) {
    const auto settings = settle_labels(asked, fixture.old_epoch, &fixture.last);
    REQUIRE(settings);
    CHECK(settings->front().is_fixed);
    CHECK(settings->front().label_bytes == 32);
    CHECK(settings->front().label_template.text() == "@{}:city.example");
  }
}

TEST_CASE("later publications of an epoch cannot change its settings") {
  const Fixture fixture(LabelMode::kEmbedded, 32, "@{}:city.example");
  for (const LabelRequest& asked : {request(LabelMode::kNone), request({}, 40),
                                    request({}, {}, "@{}:town.example"), request({}, {}, std::string())}) {
    const auto settings = settle_labels(asked, fixture.old_epoch, &fixture.last);
    REQUIRE_FALSE(settings);
    CHECK(settings.error().fault == Fault::kBadInput);
    CHECK(settings.error().rule == "publish.labels");
  }
}

TEST_CASE("a new epoch begins with the settings of the one before") {
  const Fixture fixture(LabelMode::kEmbedded, 32, "@{}:city.example");
  const auto settings = settle_labels({}, fixture.new_epoch, &fixture.last);
  REQUIRE(settings);
  CHECK_FALSE(settings->front().is_fixed);
  CHECK(settings->front().label_bytes == 32);
  CHECK(settings->front().label_template.text() == "@{}:city.example");
}

TEST_CASE("a request goes to the epoch that is open and leaves the other as it is") {
  const Fixture fixture(LabelMode::kEmbedded, 32, "@{}:city.example");
  const std::array<EpochId, 2> both{fixture.old_epoch[0], fixture.new_epoch[0]};
  const auto settings = settle_labels(request(LabelMode::kNone), both, &fixture.last);
  REQUIRE(settings);
  CHECK((*settings)[0].mode == LabelMode::kEmbedded);
  CHECK((*settings)[1].mode == LabelMode::kNone);
}

TEST_CASE("an epoch without labels stays without") {
  const Fixture fixture(LabelMode::kNone, 0, std::string());
  CHECK(settle_labels(request(LabelMode::kNone), fixture.old_epoch, &fixture.last)->front().mode ==
        LabelMode::kNone);
  CHECK_FALSE(settle_labels(request(LabelMode::kEmbedded), fixture.old_epoch, &fixture.last));
}

TEST_CASE("label options that cannot be are refused") {
  const Fixture fixture(LabelMode::kNone, 0, std::string());
  for (const LabelRequest& asked : {request({}, 1), request({}, 513), request(LabelMode::kResolve, 1),
                                    request(LabelMode::kNone, 32), request(LabelMode::kNone, {}, "@{}")}) {
    CHECK(settle_labels(asked, fixture.new_epoch, nullptr).error().rule == "publish.labels");
  }
  CHECK(settle_labels(request({}, {}, "no braces"), fixture.new_epoch, nullptr).error().rule ==
        "label.template");
}

}  // namespace
}  // namespace blindbook::service
