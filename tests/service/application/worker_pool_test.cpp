#include "blindbook/service/worker_pool.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <set>
#include <stdexcept>

#include <catch2/catch.hpp>

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

TEST_CASE("a pool has one thread per core unless told otherwise") {
  CHECK(WorkerPool(0, 1).threads() == std::max(1U, std::thread::hardware_concurrency()));
  CHECK(WorkerPool(3, 1).threads() == 3);
}

}  // namespace
}  // namespace blindbook::service
