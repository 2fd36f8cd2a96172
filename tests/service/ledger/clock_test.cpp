#include <catch2/catch.hpp>

#include "blindbook/service/ledger_clock.h"

namespace blindbook::service {
namespace {

constexpr std::uint64_t kDay = 86'400;
constexpr UnixTime kStart{1'800'000'000};

UnixTime after(std::uint64_t seconds) {
  return UnixTime(kStart.value() + seconds);
}

TEST_CASE("the ledger clock follows the wall clock") {
  ClockWatch watch;
  const LedgerClock first = watch.advance(first_clock(kStart), kStart, 0);
  const LedgerClock later = watch.advance(first, after(600), 600);
  CHECK(later.time == after(600));
  CHECK(later.refill_time == after(600));
  CHECK_FALSE(later.held);
}

TEST_CASE("the ledger clock never goes back") {
  ClockWatch watch;
  const LedgerClock stored = watch.advance(first_clock(kStart), after(600), 600);
  CHECK(watch.advance(stored, kStart, 700) == stored);
}

TEST_CASE("a gap across a restart moves the refill by one day at most") {
  const LedgerClock stored = first_clock(kStart);
  const LedgerClock clock = ClockWatch().advance(stored, after(10 * kDay), 5);
  CHECK(clock.time == after(10 * kDay));
  CHECK(clock.refill_time == after(kDay));
  CHECK_FALSE(clock.held);
}

TEST_CASE("a short gap across a restart is refilled in full") {
  const LedgerClock clock = ClockWatch().advance(first_clock(kStart), after(kDay / 2), 5);
  CHECK(clock.refill_time == after(kDay / 2));
}

TEST_CASE("a jump of the wall clock inside one worker holds the ledger clock") {
  ClockWatch watch;
  const LedgerClock stored = watch.advance(first_clock(kStart), kStart, 100);
  SECTION("up to an hour is not a jump") {
    CHECK_FALSE(watch.advance(stored, after(3'600 + 10), 110).held);
  }
  SECTION("more than an hour is") {
    const LedgerClock held = watch.advance(stored, after(3'601 + 10), 110);
    CHECK(held.held);
    CHECK(held.time == stored.time);
    CHECK(held.refill_time == stored.refill_time);
    SECTION("and it stays held when the wall clock is right again") {
      CHECK(watch.advance(held, after(20), 120) == held);
    }
    SECTION("and a restart does not release it") {
      CHECK(ClockWatch().advance(held, after(3'700), 130) == held);
    }
    SECTION("until a person confirms it") {
      const LedgerClock going = watch.advance(confirmed(held), after(3'701), 120);
      CHECK_FALSE(going.held);
      CHECK(going.time == after(3'701));
    }
  }
}

TEST_CASE("many small steps forward add up to a jump") {
  ClockWatch watch;
  LedgerClock clock = watch.advance(first_clock(kStart), kStart, 0);
  clock = watch.advance(clock, after(1'800), 0);
  clock = watch.advance(clock, after(3'600), 0);
  CHECK_FALSE(clock.held);
  CHECK(watch.advance(clock, after(3'601), 0).held);
}

TEST_CASE("every worker learns of a confirmation") {
  ClockWatch first;
  ClockWatch second;
  const LedgerClock stored = first.advance(first_clock(kStart), kStart, 0);
  static_cast<void>(second.advance(stored, kStart, 0));
  const LedgerClock held = first.advance(stored, after(10 * kDay), 10);
  REQUIRE(held.held);
  const LedgerClock going = second.advance(confirmed(held), after(10 * kDay), 10);
  CHECK_FALSE(going.held);
  CHECK(going.refill_time == after(kDay));
}

}  // namespace
}  // namespace blindbook::service
