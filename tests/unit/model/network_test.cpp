#include "blindbook/model/network.h"

#include <set>

#include <catch2/catch.hpp>

using namespace blindbook::model;

TEST_CASE("every network has a name, speeds and a source") {
  REQUIRE(!network_presets().empty());
  std::set<std::string_view> seen;
  for (const NetworkPreset& preset : network_presets()) {
    CAPTURE(preset.name);
    CHECK(seen.insert(preset.name).second);
    CHECK(find_network(preset.name) == &preset);
    CHECK(preset.down_kbit_s >= preset.up_kbit_s);
    CHECK(preset.up_kbit_s >= 100);
    CHECK(preset.round_trip_ms >= 1);
    CHECK(preset.round_trip_ms <= 1'000);
    CHECK(preset.source.size() > 10);
    CHECK(preset.source.find('"') == std::string_view::npos);
  }
  CHECK(find_network("lte") == nullptr);
}

TEST_CASE("a network takes its round trips and its bytes") {
  const NetworkPreset slow{
      .name = "slow", .down_kbit_s = 800, .up_kbit_s = 80, .round_trip_ms = 100, .source = "this test"};
  // 3 requests over 2 connections: 7 round trips. 100,000 bytes a second down, 10,000 up.
  const Moved moved{.sent = 5'000, .received = 250'000, .requests = 3, .connections = 2};
  CHECK(round_trips(moved) == 7);
  CHECK(network_seconds(slow, moved) == Rational(7, 10) + Rational(1, 2) + Rational(5, 2));
  CHECK(network_seconds(slow, {}) == 0);
}
