// What every ledger does, one charge after the other.
#include <csignal>

#include <sys/wait.h>
#include <unistd.h>

#include "tests/service/ledger/ledger_fixture.h"

namespace blindbook::service {
namespace {

TEST_CASE("a new account starts with the initial allowance") {
  Fixture fixture;
  const Charged charged = fixture.charged(charge_of(1, 1024), kStart);
  CHECK(charged.allowance_left == kPolicy.initial - 1024);
  CHECK_FALSE(charged.repeated);
}

TEST_CASE("the same digest of the same account is charged once") {
  Fixture fixture;
  static_cast<void>(fixture.charged(charge_of(1, 1024), kStart));
  const Charged again = fixture.charged(charge_of(1, 1024), kStart);
  CHECK(again.repeated);
  CHECK(again.allowance_left == kPolicy.initial - 1024);
}

TEST_CASE("the same digest of another account or issuer is charged anew") {
  Fixture fixture;
  static_cast<void>(fixture.charged(charge_of(1, 1024), kStart));
  CHECK_FALSE(fixture.charged(charge_of(1, 1024, "bert"), kStart).repeated);
  CHECK_FALSE(fixture.charged(charge_of(1, 1024, "anna", "county"), kStart).repeated);
}

TEST_CASE("issuer and account are not run together") {
  Fixture fixture;
  static_cast<void>(fixture.charged(charge_of(1, 16, "bc", "a"), kStart));
  CHECK_FALSE(fixture.charged(charge_of(1, 16, "c", "ab"), kStart).repeated);
}

TEST_CASE("a request is repeated eight times and no more") {
  Fixture fixture;
  static_cast<void>(fixture.charged(charge_of(1, 16), kStart));
  for (int retry = 0; retry < 8; ++retry) {
    CHECK(fixture.charged(charge_of(1, 16), kStart).repeated);
  }
  CHECK(fixture.expect<RetriesUsedUp>(charge_of(1, 16), kStart).retry_after_seconds >= kDay);
}

TEST_CASE("a charge beyond the allowance takes nothing and is not remembered") {
  Fixture fixture;
  static_cast<void>(fixture.charged(charge_of(1, 4096), kStart));
  static_cast<void>(fixture.charged(charge_of(2, 4000), kStart));
  const Overspent overspent = fixture.expect<Overspent>(charge_of(3, 1024), kStart);
  CHECK(overspent.allowance_left == 96);
  CHECK(fixture.ledger->size()->requests == 2);
  const UnixTime enough = after(overspent.retry_after_seconds);
  for (UnixTime now = kStart; now < enough; now = std::min(enough, UnixTime(now.value() + 3'600))) {
    REQUIRE(fixture.ledger->tick(now));
    fixture.monotonic += 3'600;
  }
  CHECK_FALSE(fixture.charged(charge_of(3, 1024), enough).repeated);
}

TEST_CASE("frequent requests lose no refill") {
  Fixture fixture;
  static_cast<void>(fixture.charged(charge_of(0, 4096), kStart));
  // 320 a day is one in 270 s; asking every 27 s must add up to the same.
  for (std::uint32_t i = 1; i <= 3'200; ++i) {
    fixture.monotonic += 27;
    static_cast<void>(fixture.expect<Charged>(charge_of(i, 0), after(i * 27)));
  }
  CHECK(fixture.charged(charge_of(0, 4096), after(kDay)).allowance_left == kPolicy.initial - 4096 + 320);
}

TEST_CASE("a clock that goes back never refills") {
  Fixture fixture;
  static_cast<void>(fixture.charged(charge_of(1, 1024), after(kDay)));
  const Charged back = fixture.charged(charge_of(2, 16), kStart);
  CHECK(back.allowance_left == kPolicy.initial - 1040);
  const Charged forth = fixture.charged(charge_of(3, 16), after(kDay));
  CHECK(forth.allowance_left == kPolicy.initial - 1056);
}

TEST_CASE("a clock set back and forth never refills") {
  Fixture fixture;
  static_cast<void>(fixture.charged(charge_of(0, 4096), after(kDay)));
  std::uint32_t number = 0;
  // Each step is too small to be a jump, and each way back leaves the ledger's time where it was.
  for (int swing = 0; swing < 20; ++swing) {
    static_cast<void>(fixture.charged(charge_of(++number, 0), after(kDay + 3'500)));
    static_cast<void>(fixture.charged(charge_of(++number, 0), after(kDay - 3'500)));
    static_cast<void>(fixture.charged(charge_of(++number, 0), kStart));
    REQUIRE(fixture.ledger->tick(after(kDay)));
  }
  CHECK_FALSE(fixture.ledger->size()->clock_held);
  CHECK(fixture.ledger->size()->time == after(kDay + 3'500));
  CHECK(fixture.charged(charge_of(++number, 0), after(kDay)).allowance_left ==
        kPolicy.initial - 4096 + 3'500 * 320 / kDay);
}

TEST_CASE("a clock set back and forth across restarts refills no more than its largest time") {
  Fixture fixture;
  static_cast<void>(fixture.charged(charge_of(0, 4096), kStart));
  std::uint32_t number = 0;
  for (int swing = 0; swing < 5; ++swing) {
    fixture.reopen();
    static_cast<void>(fixture.charged(charge_of(++number, 0), after(kDay / 2)));
    fixture.reopen();
    static_cast<void>(fixture.charged(charge_of(++number, 0), kStart));
  }
  CHECK(fixture.charged(charge_of(++number, 0), kStart).allowance_left == kPolicy.initial - 4096 + 160);
}

TEST_CASE("across a restart any gap refills one day at most") {
  Fixture fixture;
  static_cast<void>(fixture.charged(charge_of(1, 4096), kStart));
  fixture.reopen();
  CHECK(fixture.charged(charge_of(2, 0), after(30 * kDay)).allowance_left == kPolicy.initial - 4096 + 320);
}

TEST_CASE("a clock that goes back across a restart does not refill") {
  Fixture fixture;
  static_cast<void>(fixture.charged(charge_of(1, 4096), after(kDay)));
  REQUIRE(fixture.ledger->tick(after(kDay)));
  fixture.reopen();
  CHECK(fixture.charged(charge_of(2, 0), kStart).allowance_left == kPolicy.initial - 4096);
}

TEST_CASE("a jump of the clock stops refill and purge until it is confirmed") {
  Fixture fixture;
  static_cast<void>(fixture.charged(charge_of(1, 4096), kStart));
  REQUIRE(fixture.ledger->tick(after(3 * kDay)));
  CHECK(fixture.ledger->size()->clock_held);
  CHECK(fixture.ledger->size()->requests == 1);
  CHECK(fixture.charged(charge_of(2, 0), after(3 * kDay)).allowance_left == kPolicy.initial - 4096);

  REQUIRE(fixture.ledger->confirm_clock());
  REQUIRE(fixture.ledger->tick(after(3 * kDay)));
  CHECK_FALSE(fixture.ledger->size()->clock_held);
  CHECK(fixture.ledger->size()->requests == 0);
  CHECK(fixture.charged(charge_of(3, 0), after(3 * kDay)).allowance_left == kPolicy.initial - 4096 + 320);
}

TEST_CASE("requests are forgotten after 24 hours of ledger time") {
  Fixture fixture;
  static_cast<void>(fixture.charged(charge_of(1, 16), kStart));
  fixture.monotonic += kDay;
  REQUIRE(fixture.ledger->tick(after(kDay)));
  CHECK(fixture.charged(charge_of(1, 16), after(kDay)).repeated);
  fixture.monotonic += 1;
  REQUIRE(fixture.ledger->tick(after(kDay + 1)));
  CHECK_FALSE(fixture.charged(charge_of(1, 16), after(kDay + 1)).repeated);
}

TEST_CASE("two workers share every account") {
  Fixture fixture;
  const std::unique_ptr<KeptLedger> other = fixture.open();
  static_cast<void>(fixture.charged(charge_of(1, 4096), kStart));
  const Result<ChargeOutcome> outcome = other->charge(charge_of(1, 4096), kStart);
  REQUIRE(outcome);
  CHECK(std::get<Charged>(*outcome).repeated);
}

TEST_CASE("a charge survives a kill right after it") {
  Fixture fixture;
  fixture.ledger.reset();
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const Result<std::unique_ptr<KeptLedger>> ledger = fixture.store->open(kPolicy, {});
    if (ledger && (*ledger)->charge(charge_of(1, 1024), kStart)) {
      ::raise(SIGKILL);
    }
    ::_exit(1);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
  fixture.ledger = fixture.open();
  const Charged again = fixture.charged(charge_of(1, 1024), kStart);
  CHECK(again.repeated);
  CHECK(again.allowance_left == kPolicy.initial - 1024);
}

TEST_CASE("an issuer stops at its ceiling and goes on the next day") {
  Fixture fixture;
  fixture.ledger = fixture.open(1'000);
  static_cast<void>(fixture.charged(charge_of(1, 1'000), kStart));
  const Result<ChargeOutcome> refused = fixture.ledger->charge(charge_of(2, 16, "bert"), kStart);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().fault == Fault::kUnavailable);
  CHECK(refused.error().rule == "ledger.ceiling");
  CHECK(fixture.ledger->size()->requests == 1);

  fixture.monotonic += kDay;
  CHECK_FALSE(fixture.charged(charge_of(2, 16, "bert"), after(kDay)).repeated);
}

TEST_CASE("a repeated request is answered above the ceiling too") {
  Fixture fixture;
  fixture.ledger = fixture.open(1'000);
  static_cast<void>(fixture.charged(charge_of(1, 1'000), kStart));
  CHECK(fixture.charged(charge_of(1, 1'000), kStart).repeated);
}

TEST_CASE("the service has a ceiling of its own over all issuers") {
  Fixture fixture;
  fixture.ledger = fixture.open(1'000);
  static_cast<void>(fixture.charged(charge_of(1, 600), kStart));
  const Result<ChargeOutcome> refused = fixture.ledger->charge(charge_of(2, 600, "bert", "county"), kStart);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().rule == "ledger.ceiling");
}

TEST_CASE("the ceiling follows the median once fourteen days were counted") {
  const std::vector<std::uint64_t> totals{1,     2,     3,     4,     5,     6,     1'000,
                                          2'000, 9'000, 9'000, 9'000, 9'000, 9'000, 9'000};
  CHECK(daily_ceiling(100, totals) == 4'500);
  CHECK(daily_ceiling(10'000, totals) == 10'000);
  CHECK(daily_ceiling(100, std::span(totals).first(13)) == 100);
}

}  // namespace
}  // namespace blindbook::service
