#include "blindbook/service/ledger_copy.h"

#include "tests/service/ledger_fixture.h"

namespace blindbook::service {
namespace {

Charge label(std::uint32_t number, const std::string& account = "anna") {
  Charge charge = charge_of(number, 1, account);
  charge.bucket = Bucket::kLabels;
  return charge;
}

TEST_CASE("an account resolves 32 labels at first and 32 more a day, at most 256 at once") {
  Fixture fixture;
  std::uint32_t next = 0;
  const auto spend_all = [&](UnixTime now) {
    std::uint32_t paid = 0;
    for (;; ++paid) {
      const auto outcome = fixture.ledger->charge(label(++next), now);
      REQUIRE(outcome);
      if (!std::holds_alternative<Charged>(*outcome)) {
        REQUIRE(std::holds_alternative<Overspent>(*outcome));
        CHECK(std::get<Overspent>(*outcome).retry_after_seconds <= kDay / 32 + 1);
        return paid;
      }
    }
  };
  CHECK(spend_all(kStart) == 32);
  std::uint64_t seconds = 0;
  const auto pass = [&](std::uint64_t days) {
    for (const std::uint64_t end = seconds + days * kDay; seconds < end;) {
      seconds += 1'800;
      fixture.monotonic += 1'800;
      REQUIRE(fixture.ledger->tick(after(seconds)));
    }
  };
  pass(1);
  CHECK(spend_all(after(seconds)) == 32);
  pass(30);
  CHECK(spend_all(after(seconds)) == 256);
}

TEST_CASE("a label that is asked for again within a day is charged once") {
  Fixture fixture;
  CHECK(fixture.charged(label(1), kStart).allowance_left == 31);
  const Charged again = fixture.charged(label(1), kStart);
  CHECK(again.repeated);
  CHECK(again.allowance_left == 31);
  for (int retry = 1; retry < 8; ++retry) {
    static_cast<void>(fixture.charged(label(1), kStart));
  }
  static_cast<void>(fixture.expect<RetriesUsedUp>(label(1), kStart));
}

TEST_CASE("labels and evaluations have allowances of their own") {
  Fixture fixture;
  CHECK(fixture.charged(charge_of(1, 1024), kStart).allowance_left == kPolicy.initial - 1024);
  CHECK(fixture.charged(label(2), kStart).allowance_left == 31);
  CHECK(fixture.charged(charge_of(3, 16), kStart).allowance_left == kPolicy.initial - 1040);
  CHECK(fixture.charged(label(4, "bert"), kStart).allowance_left == 31);
  fixture.reopen();
  CHECK(fixture.charged(label(5), kStart).allowance_left == 30);
}

TEST_CASE("labels count towards no ceiling of evaluations") {
  Fixture fixture;
  fixture.ledger = fixture.open(16);
  static_cast<void>(fixture.charged(charge_of(1, 16), kStart));
  CHECK_FALSE(fixture.ledger->charge(charge_of(2, 16), kStart));
  CHECK(fixture.charged(label(3), kStart).allowance_left == 31);
}

TEST_CASE("a ledger of the first version is changed into the present one and keeps what it holds") {
  Fixture fixture;
  static_cast<void>(fixture.charged(charge_of(1, 1024), kStart));
  fixture.ledger.reset();
  {
    const Result<SqliteDatabase> database = SqliteDatabase::open(fixture.folder / "blindbook.db");
    REQUIRE(database);
    REQUIRE(database->execute("DROP TABLE label_account; PRAGMA user_version = 1"));
  }
  fixture.ledger = fixture.open();
  CHECK(fixture.charged(charge_of(1, 1024), kStart).repeated);
  CHECK(fixture.charged(charge_of(2, 16), kStart).allowance_left == kPolicy.initial - 1040);
  CHECK(fixture.charged(label(3), kStart).allowance_left == 31);
  fixture.ledger.reset();
  const Result<SqliteDatabase> database = SqliteDatabase::open(fixture.folder / "blindbook.db");
  REQUIRE(database);
  CHECK(*database->query_integer("PRAGMA user_version") == kLedgerVersion);
}

TEST_CASE("a restored account has at most a day of labels") {
  Fixture fixture;
  static_cast<void>(fixture.charged(label(1, "bert"), kStart));
  std::uint64_t seconds = 0;
  static_cast<void>(fixture.charged(label(2), kStart));
  while (seconds < 20 * kDay) {
    seconds += 3'000;
    fixture.monotonic += 3'000;
    REQUIRE(fixture.ledger->tick(after(seconds)));
  }
  CHECK(fixture.charged(label(3), after(seconds)).allowance_left == 255);
  fixture.ledger.reset();
  REQUIRE(reset_levels(fixture.folder / "blindbook.db", kPolicy));
  fixture.ledger = fixture.open();
  CHECK(fixture.charged(label(4), after(seconds)).allowance_left == 31);
  CHECK(fixture.charged(label(5, "bert"), after(seconds)).allowance_left == 30);
}

}  // namespace
}  // namespace blindbook::service
