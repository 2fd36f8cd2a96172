// Charges of several threads on one ledger, and what becomes of those that wait for one another.
#include <atomic>
#include <future>
#include <new>
#include <thread>
#include <vector>

#include "tests/service/ledger_fixture.h"

namespace blindbook::service {
namespace {

TEST_CASE("concurrent threads on one account cannot overspend") {
  Fixture fixture;
  std::atomic<std::uint32_t> granted = 0;
  std::atomic<std::uint32_t> refused = 0;
  std::vector<std::thread> threads;
  for (std::uint32_t thread = 0; thread < 8; ++thread) {
    threads.emplace_back([&, thread] {
      for (std::uint32_t i = 0; i < 8; ++i) {
        const Result<ChargeOutcome> outcome =
            fixture.ledger->charge(charge_of(100 * thread + i, 256), kStart);
        if (outcome && std::holds_alternative<Charged>(*outcome)) {
          ++granted;
        } else if (outcome && std::holds_alternative<Overspent>(*outcome)) {
          ++refused;
        }
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  CHECK(granted == kPolicy.initial / 256);
  CHECK(granted + refused == 64);
}

TEST_CASE("concurrent threads with one digest are charged once") {
  Fixture fixture;
  std::atomic<std::uint32_t> first = 0;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 8; ++thread) {
    threads.emplace_back([&] {
      const Result<ChargeOutcome> outcome = fixture.ledger->charge(charge_of(7, 1024), kStart);
      if (outcome && std::holds_alternative<Charged>(*outcome) && !std::get<Charged>(*outcome).repeated) {
        ++first;
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  CHECK(first == 1);
}

TEST_CASE("charges that wait while one is committed are committed together") {
  constexpr std::uint32_t kWaiting = 16;
  // What commits wrote, as the log of the database grows with each: far from its checkpoint at 1000 pages.
  const auto log_bytes = [](const Fixture& fixture) {
    return std::filesystem::file_size(fixture.folder / "blindbook.db-wal");
  };
  Fixture single;
  for (std::uint32_t i = 0; i <= kWaiting; ++i) {
    static_cast<void>(single.charged(charge_of(i, 16), kStart));
  }

  TemporaryFolder folder;
  std::promise<void> inside;
  std::promise<void> gate;
  std::atomic<bool> first = true;
  // The ledger asks for the time inside of a transaction: there the first charge waits for the others.
  const auto ledger =
      SqliteLedger::open(folder / "blindbook.db", kPolicy, {.monotonic = [&]() -> std::uint64_t {
                           if (first.exchange(false)) {
                             inside.set_value();
                             gate.get_future().wait();
                           }
                           return 1'000;
                         }});
  REQUIRE(ledger);
  std::atomic<std::uint32_t> charged = 0;
  std::atomic<std::uint32_t> begun = 0;
  std::vector<std::thread> threads;
  const auto charge = [&](std::uint32_t number) {
    ++begun;
    const Result<ChargeOutcome> outcome = (*ledger)->charge(charge_of(number, 16), kStart);
    charged += outcome && std::holds_alternative<Charged>(*outcome) ? 1 : 0;
  };
  threads.emplace_back(charge, 0);
  inside.get_future().wait();
  for (std::uint32_t i = 1; i <= kWaiting; ++i) {
    threads.emplace_back(charge, i);
  }
  while (begun <= kWaiting) {
    std::this_thread::yield();
  }
  CHECK(charged == 0);  // none is told before the disk has it
  gate.set_value();
  for (std::thread& thread : threads) {
    thread.join();
  }
  CHECK(charged == kWaiting + 1);
  // Two commits in place of 17; one more, should a thread have come late.
  CHECK(3 * std::filesystem::file_size(folder / "blindbook.db-wal") < log_bytes(single));
}

TEST_CASE("a charge that ends in an exception takes nothing and keeps nobody waiting") {
  TemporaryFolder folder;
  bool failing = true;
  const auto ledger =
      SqliteLedger::open(folder / "blindbook.db", kPolicy, {.monotonic = [&]() -> std::uint64_t {
                           if (failing) {
                             throw std::bad_alloc();
                           }
                           return 1'000;
                         }});
  REQUIRE(ledger);
  CHECK_THROWS_AS((*ledger)->charge(charge_of(1, 16), kStart), std::bad_alloc);
  failing = false;
  const Result<ChargeOutcome> outcome = (*ledger)->charge(charge_of(1, 16), kStart);
  REQUIRE(outcome);
  REQUIRE(std::holds_alternative<Charged>(*outcome));
  CHECK_FALSE(std::get<Charged>(*outcome).repeated);
}

}  // namespace
}  // namespace blindbook::service
