#include "blindbook/service/worker_pool.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>
#include <sched.h>

namespace blindbook::service {
namespace {

TEST_CASE("parallel slices cover the range exactly once") {
  WorkerPool pool(3, 1);
  const auto [count, slice] = GENERATE(table<std::size_t, std::size_t>(
      {{0, 1}, {1, 1}, {1, 100}, {99, 100}, {100, 100}, {101, 100}, {1000, 7}, {5, 1}}));
  std::vector<std::atomic<int>> seen(count);
  std::atomic<bool> aligned{true};
  pool.parallel_for(count, slice, [&, width = slice](std::size_t first, std::size_t last) {
    if (first >= last || last - first > width || first % width != 0) {
      aligned = false;
    }
    for (std::size_t i = first; i < last; ++i) {
      ++seen[i];
    }
  });
  CHECK(aligned);
  CHECK(std::all_of(seen.begin(), seen.end(), [](const std::atomic<int>& times) { return times == 1; }));
}

TEST_CASE("slices run on several threads at once") {
  WorkerPool pool(2, 1);
  std::promise<void> gate;
  std::atomic<int> inside{0};
  std::mutex mutex;
  std::set<std::thread::id> threads;
  // Each of two slices waits for the other: with one thread this would never end.
  pool.parallel_for(2, 1, [&](std::size_t, std::size_t) {
    {
      const std::scoped_lock lock(mutex);
      threads.insert(std::this_thread::get_id());
    }
    if (++inside == 2) {
      gate.set_value();
    }
    while (inside < 2) {
      std::this_thread::yield();
    }
  });
  gate.get_future().get();
  CHECK(threads.size() == 2);
}

TEST_CASE("a task may share slices even when every thread is a task") {
  WorkerPool pool(2, 16);
  std::atomic<int> sum{0};
  std::vector<std::future<void>> done;
  for (int i = 0; i < 8; ++i) {
    auto finished = std::make_shared<std::promise<void>>();
    done.push_back(finished->get_future());
    REQUIRE(pool.try_submit([&, finished] {
      pool.parallel_for(10, 1, [&](std::size_t, std::size_t) { ++sum; });
      finished->set_value();
    }));
  }
  for (std::future<void>& one : done) {
    one.get();
  }
  CHECK(sum == 80);
}

TEST_CASE("an exception of a slice reaches the caller and ends the rest") {
  WorkerPool pool(2, 1);
  std::atomic<int> begun{0};
  CHECK_THROWS_AS(pool.parallel_for(1'000'000, 1,
                                    [&](std::size_t, std::size_t) {
                                      ++begun;
                                      throw std::out_of_range("planted");
                                    }),
                  std::out_of_range);
  CHECK(begun <= 3);
}

TEST_CASE("a full queue refuses and a destroyed pool has run what it took") {
  std::promise<void> gate;
  std::promise<void> begun;
  std::atomic<int> ran{0};
  {
    WorkerPool pool(1, 2);
    REQUIRE(pool.try_submit([&] {
      begun.set_value();
      gate.get_future().wait();
      ++ran;
    }));
    begun.get_future().wait();
    CHECK(pool.try_submit([&] { ++ran; }));
    CHECK(pool.try_submit([&] { ++ran; }));
    CHECK_FALSE(pool.try_submit([&] { ++ran; }));
    CHECK(pool.waiting() == 2);
    gate.set_value();
  }
  CHECK(ran == 3);
}

TEST_CASE("a pool works on every core that the process may use unless told otherwise") {
  CHECK(WorkerPool(3, 1).threads() == 3);
  CHECK(WorkerPool(0, 1).threads() == usable_cores());
  auto on_one_core = std::async(std::launch::async, [] {
    cpu_set_t all{};
    cpu_set_t one{};
    bool pinned = ::sched_getaffinity(0, sizeof all, &all) == 0;
    for (std::size_t core = 0; pinned && CPU_COUNT(&one) == 0; ++core) {
      if (CPU_ISSET(core, &all)) {
        CPU_SET(core, &one);
      }
    }
    pinned = pinned && ::sched_setaffinity(0, sizeof one, &one) == 0;
    return pinned ? WorkerPool(0, 1, 5).threads() : 0;
  });
  CHECK(on_one_core.get() == 1);
}

TEST_CASE("while a task waits aside a spare thread works in its place") {
  std::promise<void> gate;
  std::promise<void> second;
  std::atomic<bool> first_done{false};
  WorkerPool pool(1, 8, 2);
  REQUIRE(pool.try_submit([&] {
    pool.step_aside([&] { gate.get_future().wait(); });
    first_done = true;
  }));
  REQUIRE(pool.try_submit([&] { second.set_value(); }));
  second.get_future().wait();  // with one thread this would never end
  CHECK_FALSE(first_done);
  gate.set_value();
}

TEST_CASE("no more tasks than the pool has threads are at work, also when some come back from aside") {
  constexpr unsigned kThreads = 2;
  std::atomic<unsigned> at_work{0};
  std::atomic<unsigned> most{0};
  std::atomic<unsigned> done{0};
  WorkerPool pool(kThreads, 64, 4);
  const auto work = [&] {
    const unsigned now = ++at_work;
    for (unsigned seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
    }
    std::this_thread::yield();
    --at_work;
  };
  for (int i = 0; i < 64; ++i) {
    while (!pool.try_submit([&] {
      work();
      pool.step_aside([] { std::this_thread::yield(); });
      work();
      pool.parallel_for(4, 1, [&](std::size_t, std::size_t) { work(); });
      ++done;
    })) {
      std::this_thread::yield();
    }
  }
  while (done < 64) {
    std::this_thread::yield();
  }
  CHECK(most <= kThreads);
}

TEST_CASE("a task that comes back from aside goes before tasks that have not begun") {
  std::vector<int> order;  // one place: no two tasks at a time
  {
    std::promise<void> first_waits;
    std::promise<void> gate;
    std::promise<void> second_works;
    std::promise<void> finish_second;
    WorkerPool pool(1, 8, 1);
    REQUIRE(pool.try_submit([&] {
      first_waits.set_value();
      pool.step_aside([&] { gate.get_future().wait(); });
      order.push_back(1);
    }));
    first_waits.get_future().wait();
    REQUIRE(pool.try_submit([&] {
      second_works.set_value();
      finish_second.get_future().wait();
      order.push_back(2);
    }));
    second_works.get_future().wait();
    REQUIRE(pool.try_submit([&] { order.push_back(3); }));
    gate.set_value();
    while (pool.waiting() < 2) {
      std::this_thread::yield();
    }
    finish_second.set_value();
  }
  CHECK(order == std::vector<int>{2, 1, 3});
}

TEST_CASE("places that fall free while a task comes back are all taken") {
  for (int round = 0; round < 100; ++round) {
    std::promise<void> gate;
    std::promise<void> finish;
    const std::shared_future<void> finished = finish.get_future().share();
    std::atomic<unsigned> aside{0};
    std::atomic<unsigned> at_work{0};
    std::atomic<unsigned> met{0};
    WorkerPool pool(3, 8, 1);
    REQUIRE(pool.try_submit([&] {
      pool.step_aside([&] {
        ++aside;
        gate.get_future().wait();
      });
    }));
    while (aside < 1) {
      std::this_thread::yield();
    }
    for (int i = 0; i < 3; ++i) {
      REQUIRE(pool.try_submit([&] {
        ++at_work;
        finished.wait();
      }));
    }
    while (at_work < 3) {
      std::this_thread::yield();
    }
    gate.set_value();
    while (pool.waiting() < 1) {
      std::this_thread::yield();
    }
    for (int i = 0; i < 2; ++i) {  // each waits until the other has begun
      REQUIRE(pool.try_submit([&] {
        ++met;
        while (met < 2) {
          std::this_thread::yield();
        }
      }));
    }
    finish.set_value();
    while (met < 2) {  // before the pool ends, which lets threads go
      std::this_thread::yield();
    }
  }
}

TEST_CASE("a task that steps aside gets what its wait returns or throws, and keeps its place") {
  std::atomic<int> value{0};
  std::atomic<bool> caught{false};
  {
    WorkerPool pool(1, 1, 1);
    REQUIRE(pool.try_submit([&] {
      value = pool.step_aside([] { return 7; });
      try {
        pool.step_aside([] { throw std::out_of_range("planted"); });
      } catch (const std::out_of_range&) {
        caught = true;
      }
    }));
  }
  CHECK(value == 7);
  CHECK(caught);
}

TEST_CASE("a pool that ends waits for tasks that stepped aside") {
  std::atomic<int> ran{0};
  std::promise<void> gate;
  std::promise<void> aside;
  std::thread opener;
  {
    WorkerPool pool(1, 4, 3);
    REQUIRE(pool.try_submit([&] {
      pool.step_aside([&] {
        aside.set_value();
        gate.get_future().wait();
      });
      ++ran;
    }));
    aside.get_future().wait();
    for (int i = 0; i < 3; ++i) {
      REQUIRE(pool.try_submit([&] {
        pool.step_aside([] {});
        ++ran;
      }));
    }
    opener = std::thread([&] { gate.set_value(); });
  }
  CHECK(ran == 4);
  opener.join();
}

TEST_CASE("available are the caller and the threads without work") {
  std::promise<void> gate;
  const std::shared_future<void> opened = gate.get_future().share();
  std::promise<void> begun;
  WorkerPool pool(3, 8, 2);
  CHECK(pool.available() == 4);  // the caller is none of the pool's
  REQUIRE(pool.try_submit([&] {
    begun.set_value();
    opened.wait();
  }));
  begun.get_future().wait();
  CHECK(pool.available() == 3);
  for (int i = 0; i < 3; ++i) {
    REQUIRE(pool.try_submit([&] { opened.wait(); }));
  }
  CHECK(pool.available() == 1);
  gate.set_value();
}

}  // namespace
}  // namespace blindbook::service
