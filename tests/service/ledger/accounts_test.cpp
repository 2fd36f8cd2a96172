// What a person looks at in a ledger, and decides about it.
#include <nlohmann/json.hpp>

#include "blindbook/service/ledger_evidence.h"

#include "tests/service/ledger/ledger_fixture.h"
#include "tests/support/deterministic_random.h"

namespace blindbook::service {
namespace {

EpochId epoch(std::uint8_t number) {
  EpochId out;
  out.mutable_view()[0] = number;
  return out;
}

Charge in_epoch(std::uint8_t number, Charge charge) {
  charge.epoch = epoch(number);
  return charge;
}

/// A day later, for the ledger's clock too.
UnixTime pass_a_day(Fixture& fixture, UnixTime now) {
  fixture.monotonic += kDay;
  const UnixTime then(now.value() + kDay);
  REQUIRE(fixture.ledger->tick(then));
  return then;
}

TEST_CASE("an account is shown with what it has left under each issuer") {
  Fixture fixture;
  static_cast<void>(fixture.charged(charge_of(1, 1024), kStart));
  static_cast<void>(fixture.charged(charge_of(2, 64, "anna", "county"), kStart));
  static_cast<void>(fixture.charged(label_of(3), kStart));
  static_cast<void>(fixture.charged(charge_of(4, 16, "bert"), kStart));
  const auto standings = fixture.ledger->show("anna");
  REQUIRE(standings);
  REQUIRE(standings->size() == 2);
  CHECK(standings->at(0).issuer == "city");
  CHECK(standings->at(0).evaluations_left == kPolicy.initial - 1024);
  CHECK(standings->at(0).labels_left == 31);
  CHECK(standings->at(0).requests == 2);
  CHECK(standings->at(1).issuer == "county");
  CHECK(standings->at(1).evaluations_left == kPolicy.initial - 64);
  CHECK(standings->at(1).labels_left == 32);
  CHECK(standings->at(1).requests == 1);
  CHECK(fixture.ledger->show("nobody")->empty());
}

TEST_CASE("what an account is shown to have has been refilled") {
  Fixture fixture;
  static_cast<void>(fixture.charged(charge_of(1, 4096), kStart));
  static_cast<void>(pass_a_day(fixture, kStart));
  CHECK(fixture.ledger->show("anna")->at(0).evaluations_left == kPolicy.initial - 4096 + 320);
}

TEST_CASE("a grant adds evaluations up to the capacity and no labels") {
  Fixture fixture;
  static_cast<void>(fixture.charged(charge_of(1, 4096), kStart));
  static_cast<void>(fixture.charged(label_of(2), kStart));
  static_cast<void>(fixture.charged(charge_of(3, 16, "bert"), kStart));
  const auto granted = fixture.ledger->adjust("anna", Grant{1000});
  REQUIRE(granted);
  REQUIRE(granted->size() == 1);
  CHECK(granted->at(0).evaluations_left == kPolicy.initial - 4096 + 1000);
  CHECK(granted->at(0).labels_left == 31);
  CHECK(fixture.charged(charge_of(4, 16), kStart).allowance_left == kPolicy.initial - 4096 + 1000 - 16);
  CHECK(fixture.ledger->adjust("anna", Grant{4'000'000'000})->at(0).evaluations_left == kPolicy.capacity);
  CHECK(fixture.ledger->show("bert")->at(0).evaluations_left == kPolicy.initial - 16);
  CHECK(fixture.ledger->adjust("nobody", Grant{1})->empty());
}

TEST_CASE("an account that only resolved labels can be granted evaluations") {
  Fixture fixture;
  static_cast<void>(fixture.charged(label_of(1), kStart));
  CHECK(fixture.ledger->adjust("anna", Grant{100})->at(0).evaluations_left == kPolicy.initial + 100);
  CHECK(fixture.charged(charge_of(2, 16), kStart).allowance_left == kPolicy.initial + 100 - 16);
}

TEST_CASE("a reset gives the allowances of a new account and no second answer for free") {
  Fixture fixture;
  static_cast<void>(fixture.charged(charge_of(1, 4096), kStart));
  static_cast<void>(fixture.charged(label_of(2), kStart));
  const auto standings = fixture.ledger->adjust("anna", Reset{});
  REQUIRE(standings);
  CHECK(standings->at(0).evaluations_left == kPolicy.initial);
  CHECK(standings->at(0).labels_left == 32);
  CHECK(fixture.charged(charge_of(1, 4096), kStart).repeated);
  CHECK(fixture.charged(charge_of(3, 16), kStart).allowance_left == kPolicy.initial - 16);
}

std::vector<Spending> spending_of(Fixture& fixture) {
  std::vector<Spending> rows;
  REQUIRE(fixture.ledger->list_spending([&](const Spending& row) { rows.push_back(row); },
                                        [](const DailyTotal&) {}));
  return rows;
}

TEST_CASE("what an account used is added up by epoch, once for each request") {
  Fixture fixture;
  static_cast<void>(fixture.charged(in_epoch(1, charge_of(1, 1024)), kStart));
  static_cast<void>(fixture.charged(in_epoch(1, charge_of(1, 1024)), kStart));
  static_cast<void>(fixture.charged(in_epoch(1, label_of(9)), kStart));
  const UnixTime later = pass_a_day(fixture, kStart);
  static_cast<void>(fixture.charged(in_epoch(1, charge_of(2, 16)), later));
  static_cast<void>(fixture.charged(in_epoch(2, charge_of(3, 64)), later));
  static_cast<void>(fixture.expect<Overspent>(in_epoch(2, charge_of(4, 16'000)), later));
  const std::vector<Spending> rows = spending_of(fixture);
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].epoch == epoch(1));
  CHECK(rows[0].evaluations == 1040);
  CHECK(rows[0].last_day == rows[0].first_day + 1);
  CHECK(rows[1].epoch == epoch(2));
  CHECK(rows[1].evaluations == 64);
}

TEST_CASE("spending is forgotten 90 days after the last of it") {
  Fixture fixture;
  static_cast<void>(fixture.charged(charge_of(1, 1024), kStart));
  UnixTime now = kStart;
  for (int day = 0; day < 90; ++day) {
    now = pass_a_day(fixture, now);
  }
  CHECK(spending_of(fixture).size() == 1);
  static_cast<void>(pass_a_day(fixture, now));
  CHECK(spending_of(fixture).empty());
}

TEST_CASE("spending is forgotten with its account") {
  Fixture fixture;
  static_cast<void>(fixture.charged(charge_of(1, 1024), kStart));
  static_cast<void>(fixture.charged(charge_of(2, 16, "bert"), kStart));
  REQUIRE(fixture.ledger->forget("anna"));
  const std::vector<Spending> rows = spending_of(fixture);
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].account == "bert");
}

struct Export {
  std::string text;
  std::vector<nlohmann::json> lines;
  EvidenceReport report;
};

Export export_of(Fixture& fixture, const Config& config, RandomSource& random) {
  Export out;
  const auto report =
      export_evidence(*fixture.ledger, config, "0011", kStart, random, [&](const std::string& line) {
        out.text += line + "\n";
        out.lines.push_back(nlohmann::json::parse(line));
      });
  REQUIRE(report);
  out.report = *report;
  return out;
}

TEST_CASE("an export says what each used in an epoch beside its limit, and names nobody") {
  Fixture fixture;
  static_cast<void>(fixture.charged(in_epoch(1, charge_of(1, 1024)), kStart));
  static_cast<void>(fixture.charged(in_epoch(2, charge_of(2, 64)), kStart));
  static_cast<void>(fixture.charged(in_epoch(1, charge_of(3, 16, "bert")), kStart));
  test_support::DeterministicRandom random(1);
  const Export exported = export_of(fixture, Config(), random);
  CHECK(exported.text.find("anna") == std::string::npos);
  CHECK(exported.text.find("bert") == std::string::npos);
  REQUIRE(exported.lines.size() == 7);  // head, three of accounts, two of the day, sums
  CHECK(exported.lines[0]["schema"] == "blindbook.ledger-export/1");
  CHECK(exported.lines[1]["evaluations"] == 1024);
  CHECK(exported.lines[1]["bound"] == kPolicy.capacity + kPolicy.refill_per_day);
  CHECK(exported.lines[1]["account"] == exported.lines[2]["account"]);
  CHECK(exported.lines[1]["account"] != exported.lines[3]["account"]);
  CHECK(exported.lines[4]["evaluations"] == 1104);
  CHECK(exported.lines[4]["ceiling"] == kDefaultCeilingFloor);
  CHECK(exported.lines[5]["issuer"] == "city");
  CHECK(exported.lines[6]["accounts"] == 3);
  CHECK(exported.report.above == 0);
  CHECK(exported.report.days_above == 0);

  // The next export has names of its own.
  CHECK(export_of(fixture, Config(), random).lines[1]["account"] != exported.lines[1]["account"]);
}

TEST_CASE("an export counts what is above a limit") {
  Fixture fixture;
  static_cast<void>(fixture.charged(charge_of(1, 1024), kStart));
  static_cast<void>(fixture.charged(charge_of(2, 16, "bert"), kStart));
  Config config;
  config.allowance = {.initial = 100, .capacity = 100, .refill_per_day = 0};
  config.ceiling_floor = 1'030;
  test_support::DeterministicRandom random(1);
  const Export exported = export_of(fixture, config, random);
  CHECK(exported.report.accounts == 2);
  CHECK(exported.report.above == 1);
  CHECK(exported.report.days_above == 2);
  CHECK(exported.lines.back()["accounts_above"] == 1);
}

}  // namespace
}  // namespace blindbook::service
