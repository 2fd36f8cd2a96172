#include "blindbook/service/group_commit.h"

#include <atomic>
#include <future>
#include <mutex>
#include <stdexcept>
#include <thread>

#include <catch2/catch.hpp>

#include "tests/service/ledger/ledger_fixture.h"

namespace blindbook::service {
namespace {

/// The first commit stands still until the others have come.
struct Gate {
  std::promise<void> inside;
  std::promise<void> opened;
  std::atomic<bool> first = true;

  void pass() {
    if (first.exchange(false)) {
      inside.set_value();
      opened.get_future().wait();
    }
  }
};

/// Sizes of the groups in which 17 charges were committed, of which 16 came while the first was under way.
std::vector<std::size_t> groups_of(std::size_t charges) {
  constexpr std::uint32_t kLater = 16;
  Gate gate;
  std::mutex mutex;
  std::vector<std::size_t> groups;
  std::atomic<std::uint32_t> seen = 0;
  GroupCommit commit(charges, [&](const std::vector<PendingCharge*>& batch) {
    {
      const std::lock_guard lock(mutex);
      groups.push_back(batch.size());
    }
    seen += static_cast<std::uint32_t>(batch.size());
    gate.pass();
    for (PendingCharge* pending : batch) {
      pending->outcome = Charged{pending->charge.cost, false};
    }
  });
  std::atomic<std::uint32_t> begun = 0;
  std::atomic<std::uint32_t> wrong = 0;
  std::vector<std::thread> threads;
  const auto charge = [&](std::uint32_t number) {
    ++begun;
    const auto outcome = commit.charge(charge_of(number, number), kStart);
    wrong += outcome && std::get<Charged>(*outcome).allowance_left == number ? 0 : 1;
  };
  threads.emplace_back(charge, 0);
  gate.inside.get_future().wait();
  for (std::uint32_t i = 1; i <= kLater; ++i) {
    threads.emplace_back(charge, i);
  }
  while (begun <= kLater) {
    std::this_thread::yield();
  }
  gate.opened.set_value();
  for (std::thread& thread : threads) {
    thread.join();
  }
  CHECK(wrong == 0);
  CHECK(seen == kLater + 1);
  return groups;
}

TEST_CASE("charges that come during a commit are committed together behind it") {
  const std::vector<std::size_t> groups = groups_of(1'000);
  REQUIRE(groups.size() >= 2);
  CHECK(groups.size() <= 4);  // some thread may have come late
  CHECK(groups.front() == 1);
}

TEST_CASE("a group of charges has its largest size") {
  for (const std::size_t size : groups_of(4)) {
    CHECK(size <= 4);
  }
}

TEST_CASE("an exception in a commit reaches every charge of its group, and the next one is committed") {
  bool failing = true;
  GroupCommit commit(10, [&](const std::vector<PendingCharge*>& batch) {
    if (failing) {
      throw std::runtime_error("planted");
    }
    for (PendingCharge* pending : batch) {
      pending->outcome = Charged{1, false};
    }
  });
  CHECK_THROWS_AS(commit.charge(charge_of(1, 1), kStart), std::runtime_error);
  failing = false;
  CHECK(commit.charge(charge_of(1, 1), kStart));
}

}  // namespace
}  // namespace blindbook::service
