#include "tests/service/ledger/ledger_fixture.h"

namespace blindbook::service {
namespace {

TEST_CASE("an account resolves 32 labels at first and 32 more a day, at most 256 at once") {
  Fixture fixture;
  std::uint32_t next = 0;
  const auto spend_all = [&](UnixTime now) {
    std::uint32_t paid = 0;
    for (;; ++paid) {
      const auto outcome = fixture.ledger->charge(label_of(++next), now);
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
  CHECK(fixture.charged(label_of(1), kStart).allowance_left == 31);
  const Charged again = fixture.charged(label_of(1), kStart);
  CHECK(again.repeated);
  CHECK(again.allowance_left == 31);
  for (int retry = 1; retry < 8; ++retry) {
    static_cast<void>(fixture.charged(label_of(1), kStart));
  }
  static_cast<void>(fixture.expect<RetriesUsedUp>(label_of(1), kStart));
}

TEST_CASE("labels and evaluations have allowances of their own") {
  Fixture fixture;
  CHECK(fixture.charged(charge_of(1, 1024), kStart).allowance_left == kPolicy.initial - 1024);
  CHECK(fixture.charged(label_of(2), kStart).allowance_left == 31);
  CHECK(fixture.charged(charge_of(3, 16), kStart).allowance_left == kPolicy.initial - 1040);
  CHECK(fixture.charged(label_of(4, "bert"), kStart).allowance_left == 31);
  fixture.reopen();
  CHECK(fixture.charged(label_of(5), kStart).allowance_left == 30);
}

TEST_CASE("labels count towards no ceiling of evaluations") {
  Fixture fixture;
  fixture.ledger = fixture.open(16);
  static_cast<void>(fixture.charged(charge_of(1, 16), kStart));
  CHECK_FALSE(fixture.ledger->charge(charge_of(2, 16), kStart));
  CHECK(fixture.charged(label_of(3), kStart).allowance_left == 31);
}

}  // namespace
}  // namespace blindbook::service
