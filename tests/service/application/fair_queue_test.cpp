#include "blindbook/service/fair_queue.h"

#include <future>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

#include "blindbook/service/worker_pool.h"

namespace blindbook::test_support {
namespace {

using service::FairQueue;

FairQueue::Task task(std::string owner, std::uint64_t cost = 1) {
  return {.owner = std::move(owner), .cost = cost, .run = [] {}, .refuse = [] {}};
}

void fill(FairQueue& queue, const std::string& owner, int count, std::uint64_t cost = 1) {
  for (int i = 0; i < count; ++i) {
    REQUIRE_FALSE(queue.push(task(owner, cost)).has_value());
  }
}

TEST_CASE("tasks of one owner keep their order") {
  FairQueue queue(8);
  for (const std::uint64_t cost : {5U, 1U, 3U}) {
    fill(queue, "a", 1, cost);
  }
  CHECK(queue.pop().cost == 5);
  CHECK(queue.pop().cost == 1);
  CHECK(queue.pop().cost == 3);
  CHECK(queue.empty());
}

TEST_CASE("an owner who comes later waits for one task of each other owner and not for all of them") {
  FairQueue queue(64);
  fill(queue, "many", 20);
  CHECK(queue.pop().owner == "many");
  fill(queue, "few", 2);
  std::string order;
  for (int i = 0; i < 5; ++i) {
    order.push_back(queue.pop().owner.front());
  }
  CHECK(order == "mfmfm");
}

TEST_CASE("owners get equal work and not equal numbers of tasks") {
  FairQueue queue(400);
  fill(queue, "large", 40, 256);
  fill(queue, "small", 320, 16);
  std::map<std::string, std::uint64_t> done;
  for (int i = 0; i < 170; ++i) {  // about half
    const FairQueue::Task next = queue.pop();
    done[next.owner] += next.cost;
    // While both wait, neither is ahead by more than the largest task.
    CHECK(done["large"] <= done["small"] + 256);
    CHECK(done["small"] <= done["large"] + 256);
  }
}

TEST_CASE("who had nothing to do has saved up no turns") {
  FairQueue queue(64);
  fill(queue, "a", 1);
  static_cast<void>(queue.pop());
  fill(queue, "b", 20);
  for (int i = 0; i < 10; ++i) {
    CHECK(queue.pop().owner == "b");
  }
  fill(queue, "a", 10);
  std::string order;
  for (int i = 0; i < 6; ++i) {
    order.push_back(queue.pop().owner.front());
  }
  CHECK(order == "bababa");
}

TEST_CASE("a full queue takes the newest task from the owner with most of them") {
  FairQueue queue(4);
  fill(queue, "a", 1);
  for (const std::uint64_t cost : {10U, 11U, 12U}) {
    fill(queue, "b", 1, cost);
  }
  const auto displaced = queue.push(task("c"));
  REQUIRE(displaced.has_value());
  CHECK(displaced->owner == "b");
  CHECK(displaced->cost == 12);
  CHECK(queue.size() == 4);
  // Now b has two of four: another of b, or a second of c, finds no room, a first of d does.
  CHECK(queue.push(task("b"))->owner == "b");
  CHECK(queue.push(task("c", 7))->cost == 7);
  CHECK(queue.push(task("d"))->owner == "b");
  // All have one: who comes last loses.
  CHECK(queue.push(task("e"))->owner == "e");
}

TEST_CASE("what has no way to be refused keeps its place") {
  FairQueue queue(2);
  for (int i = 0; i < 2; ++i) {
    REQUIRE_FALSE(queue.push({.owner = "a", .run = [] {}}).has_value());
  }
  CHECK(queue.push(task("b"))->owner == "b");
}

TEST_CASE("of each task of a pool either run or refuse is called, once") {
  std::atomic<int> ran{0};
  std::atomic<int> refused{0};
  constexpr int kTasks = 400;
  {
    service::WorkerPool pool(2, 8);
    std::vector<std::thread> submitters;
    for (const std::string owner : {"a", "b", "c", "d"}) {
      submitters.emplace_back([&, owner] {
        for (int i = 0; i < kTasks / 4; ++i) {
          pool.submit({.owner = owner, .run = [&] { ++ran; }, .refuse = [&] { ++refused; }});
        }
      });
    }
    for (std::thread& submitter : submitters) {
      submitter.join();
    }
  }
  CHECK(ran + refused == kTasks);
  CHECK(ran > 0);
}

TEST_CASE("a pool begins with who has had least") {
  std::string order;
  {
    std::promise<void> gate;
    std::promise<void> begun;
    service::WorkerPool pool(1, 8);  // ends first, and with it the tasks
    pool.submit({.owner = "first",
                 .run =
                     [&] {
                       begun.set_value();
                       gate.get_future().wait();
                     },
                 .refuse = [] {}});
    begun.get_future().wait();
    for (const std::string owner : {"a", "a", "a", "b"}) {
      pool.submit({.owner = owner, .run = [&order, owner] { order += owner; }, .refuse = [] {}});
    }
    gate.set_value();
  }
  CHECK(order == "abaa");
}

}  // namespace
}  // namespace blindbook::test_support
