#include "blindbook/service/watch/watched_ledger.h"

#include <optional>
#include <string>

#include <catch2/catch.hpp>

namespace blindbook::service {
namespace {

using namespace std::chrono_literals;

constexpr UnixTime kNow(1'800'000'000);

/// Does as it is told, and takes its time.
class PlayedLedger final : public Ledger {
 public:
  Result<ChargeOutcome> charge(const Charge&, UnixTime) override {
    clock += takes;
    return outcome;
  }
  Result<void> tick(UnixTime) override { return ticked; }
  Result<void> confirm_clock() override { return {}; }
  Result<LedgerSize> size() override { return LedgerSize{}; }

  Result<ChargeOutcome> outcome = ChargeOutcome(Charged{7000, false});
  Result<void> ticked;
  std::chrono::nanoseconds clock{1h};
  std::chrono::nanoseconds takes{0};
};

struct Watched {
  PlayedLedger played;
  WatchedLedger ledger{played, [this] { return played.clock; }};

  Result<ChargeOutcome> charge(std::uint32_t cost, Bucket bucket = Bucket::kEvaluations) {
    return ledger.charge({"messenger", "alice", Digest(), cost, bucket}, kNow);
  }
  [[nodiscard]] bool shows(const std::string& line) const {
    PrometheusText out;
    ledger.write(out);
    CHECK(out.text().find("alice") == std::string::npos);
    CHECK(out.text().find("messenger") == std::string::npos);
    return out.text().find("\n" + line + "\n") != std::string::npos;
  }
};

TEST_CASE("evaluations are counted when they are charged and only then") {
  Watched watched;
  REQUIRE(watched.charge(64).has_value());
  REQUIRE(watched.charge(1024).has_value());
  REQUIRE(watched.charge(1, Bucket::kLabels).has_value());
  watched.played.outcome = ChargeOutcome(Charged{7000, true});
  REQUIRE(watched.charge(1024).has_value());
  watched.played.outcome = ChargeOutcome(Overspent{0, 1});
  REQUIRE(watched.charge(4096).has_value());
  watched.played.outcome = ChargeOutcome(RetriesUsedUp{1});
  REQUIRE(watched.charge(4096).has_value());
  watched.played.outcome = unavailable("ledger.ceiling", "enough");
  CHECK_FALSE(watched.charge(4096).has_value());
  CHECK(watched.shows("blindbook_evaluations_total 1088"));
  CHECK(watched.shows("blindbook_labels_resolved_total 1"));
  CHECK(watched.shows("blindbook_charges_total{outcome=\"charged\"} 3"));
  CHECK(watched.shows("blindbook_charges_total{outcome=\"repeated\"} 1"));
  CHECK(watched.shows("blindbook_charges_total{outcome=\"allowance\"} 1"));
  CHECK(watched.shows("blindbook_charges_total{outcome=\"retries\"} 1"));
  CHECK(watched.shows("blindbook_charges_total{outcome=\"ceiling\"} 1"));
  CHECK(watched.shows("blindbook_charges_total{outcome=\"failed\"} 0"));
  CHECK(watched.shows("blindbook_ledger_writable 1"));
}

TEST_CASE("a charge is timed until it is durable") {
  Watched watched;
  watched.played.takes = 30ms;
  REQUIRE(watched.charge(16).has_value());
  CHECK(watched.shows("blindbook_charge_duration_seconds_bucket{outcome=\"charged\",le=\"0.025\"} 0"));
  CHECK(watched.shows("blindbook_charge_duration_seconds_bucket{outcome=\"charged\",le=\"0.05\"} 1"));
  CHECK(watched.shows("blindbook_charge_duration_seconds_sum{outcome=\"charged\"} 0.03"));
}

TEST_CASE("a ledger that fails is not writable until something works again") {
  Watched watched;
  CHECK(watched.ledger.is_writable());
  const bool by_tick = GENERATE(false, true);
  if (by_tick) {
    watched.played.ticked = unavailable("ledger.storage", "the disk is full");
    CHECK_FALSE(watched.ledger.tick(kNow).has_value());
  } else {
    watched.played.outcome = unavailable("ledger.storage", "the disk is full");
    CHECK_FALSE(watched.charge(16).has_value());
    CHECK(watched.shows("blindbook_charges_total{outcome=\"failed\"} 1"));
  }
  CHECK_FALSE(watched.ledger.is_writable());
  CHECK(watched.shows("blindbook_ledger_writable 0"));
  watched.played.ticked = {};
  watched.played.outcome = ChargeOutcome(Charged{7000, false});
  if (by_tick) {
    REQUIRE(watched.charge(16).has_value());
  } else {
    REQUIRE(watched.ledger.tick(kNow).has_value());
  }
  CHECK(watched.ledger.is_writable());
}

TEST_CASE("a ledger that says nothing for long is not writable") {
  Watched watched;
  watched.played.clock += WatchedLedger::kLongestSilence;
  CHECK(watched.ledger.is_writable());
  watched.played.clock += 1ns;
  CHECK_FALSE(watched.ledger.is_writable());
  REQUIRE(watched.ledger.tick(kNow).has_value());
  CHECK(watched.ledger.is_writable());
}

}  // namespace
}  // namespace blindbook::service
