// Charges of several threads on one ledger, and what becomes of those that wait for one another.
#include <algorithm>
#include <atomic>
#include <mutex>
#include <new>
#include <thread>
#include <vector>

#include "tests/service/ledger/ledger_fixture.h"

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

/// Ten workers, as on ten machines, charge at the same time, `each` charges a worker; the outcomes.
template <class MakeCharge>
std::vector<Result<ChargeOutcome>> charge_from_ten_workers(Fixture& fixture, std::uint32_t each,
                                                           const MakeCharge& make_charge) {
  constexpr std::uint32_t kWorkers = 10;
  std::vector<std::unique_ptr<KeptLedger>> workers;
  for (std::uint32_t i = 0; i < kWorkers; ++i) {
    workers.push_back(fixture.open());
  }
  std::mutex mutex;
  std::vector<Result<ChargeOutcome>> outcomes;
  std::atomic<std::uint32_t> ready = 0;
  std::vector<std::thread> threads;
  for (std::uint32_t worker = 0; worker < kWorkers; ++worker) {
    threads.emplace_back([&, worker] {
      for (++ready; ready < kWorkers;) {
        std::this_thread::yield();
      }
      for (std::uint32_t i = 0; i < each; ++i) {
        Result<ChargeOutcome> outcome = workers[worker]->charge(make_charge(worker, i), kStart);
        const std::lock_guard lock(mutex);
        outcomes.push_back(std::move(outcome));
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  return outcomes;
}

template <class Outcome>
std::size_t count_of(const std::vector<Result<ChargeOutcome>>& outcomes) {
  return static_cast<std::size_t>(std::count_if(outcomes.begin(), outcomes.end(), [](const auto& outcome) {
    return outcome && std::holds_alternative<Outcome>(*outcome);
  }));
}

TEST_CASE("one account that asks ten workers at once cannot overspend") {
  Fixture fixture;
  const auto outcomes = charge_from_ten_workers(
      fixture, 8, [](std::uint32_t worker, std::uint32_t i) { return charge_of(100 * worker + i, 256); });
  CHECK(count_of<Charged>(outcomes) == kPolicy.initial / 256);
  CHECK(count_of<Overspent>(outcomes) == 80 - kPolicy.initial / 256);
  CHECK(fixture.ledger->size()->requests == kPolicy.initial / 256);
}

TEST_CASE("one account that asks ten workers at once for labels cannot overspend") {
  Fixture fixture;
  const auto outcomes = charge_from_ten_workers(
      fixture, 5, [](std::uint32_t worker, std::uint32_t i) { return label_of(100 * worker + i); });
  CHECK(count_of<Charged>(outcomes) == 32);
  CHECK(count_of<Overspent>(outcomes) == 18);
}

TEST_CASE("one digest sent to several workers at once is charged once") {
  Fixture fixture;
  const auto outcomes =
      charge_from_ten_workers(fixture, 1, [](std::uint32_t, std::uint32_t) { return charge_of(7, 1024); });
  std::size_t paid = 0;
  for (const auto& outcome : outcomes) {
    REQUIRE(outcome);
    if (const auto* charged = std::get_if<Charged>(&*outcome)) {
      paid += charged->repeated ? 0 : 1;
      CHECK(charged->allowance_left == kPolicy.initial - 1024);
    }
  }
  CHECK(paid == 1);
  CHECK(count_of<Charged>(outcomes) == 9);  // one and eight retries
  CHECK(count_of<RetriesUsedUp>(outcomes) == 1);
}

TEST_CASE("accounts that ask ten workers in every order are all charged, and what they use is added up") {
  Fixture fixture;
  fixture.ledger = fixture.open(1'600);
  // Each worker goes through the accounts from another one on.
  const auto outcomes = charge_from_ten_workers(fixture, 10, [](std::uint32_t worker, std::uint32_t i) {
    return charge_of(worker, 16, "account " + std::to_string((7 * worker + i) % 10));
  });
  CHECK(count_of<Charged>(outcomes) == 100);
  CHECK(fixture.ledger->size()->accounts == 10);
  const Result<ChargeOutcome> more = fixture.ledger->charge(charge_of(77, 1), kStart);
  REQUIRE_FALSE(more);
  CHECK(more.error().rule == "ledger.ceiling");
}

TEST_CASE("ten workers that ask at once do not pass a ceiling") {
  Fixture fixture;
  std::vector<std::unique_ptr<KeptLedger>> workers;
  std::atomic<std::uint32_t> charged = 0;
  std::atomic<std::uint32_t> refused = 0;
  for (int i = 0; i < 10; ++i) {
    workers.push_back(fixture.open(1'000));
  }
  std::vector<std::thread> threads;
  for (std::uint32_t worker = 0; worker < 10; ++worker) {
    threads.emplace_back([&, worker] {
      for (std::uint32_t i = 0; i < 10; ++i) {
        const auto outcome = workers[worker]->charge(
            charge_of(i, 16, "account " + std::to_string(worker), worker % 2 == 0 ? "city" : "county"),
            kStart);
        charged += outcome ? 1 : 0;
        refused += !outcome && outcome.error().rule == "ledger.ceiling" ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  CHECK(charged == 1'000 / 16);
  CHECK(charged + refused == 100);
}

TEST_CASE("a charge that ends in an exception takes nothing and keeps nobody waiting") {
  const Fixture fixture;
  bool failing = true;
  const std::unique_ptr<KeptLedger> ledger = fixture.open_with({.monotonic = [&]() -> std::uint64_t {
    if (failing) {
      throw std::bad_alloc();
    }
    return 1'000;
  }});
  CHECK_THROWS_AS(ledger->charge(charge_of(1, 16), kStart), std::bad_alloc);
  failing = false;
  const Result<ChargeOutcome> outcome = ledger->charge(charge_of(1, 16), kStart);
  REQUIRE(outcome);
  REQUIRE(std::holds_alternative<Charged>(*outcome));
  CHECK_FALSE(std::get<Charged>(*outcome).repeated);
}

}  // namespace
}  // namespace blindbook::service
