// Not under sanitizers, which bring a heap of their own.
#include <string>

#include <catch2/catch.hpp>

#include "tests/bench/baselines/protocol.h"
#include "tests/bench/comparison/parties.h"
#include "tests/bench/comparison/scene.h"
#include "tests/bench/comparison/tests/keeping.h"

namespace blindbook::bench {
namespace {

TEST_CASE("memory that a party takes shows in its peak") {
  Parties few(test_keeping(), "naive", 1000, 1);
  Parties many(test_keeping(), "naive", 300'000, 1);
  static_cast<void>(few.set_up());
  static_cast<void>(many.set_up());
  const std::uint64_t apart = many.run(8, 0).service.peak_bytes - few.run(8, 0).service.peak_bytes;
  // 299,000 strings more, in a table; and not the list that it was made from, which has as many.
  CHECK(apart > 299'000U * 64);
  CHECK(apart < 299'000U * 300);
}

TEST_CASE("what a protocol says it takes at most is no less than what it takes") {
  constexpr std::size_t kSubscribers = 20'000;
  constexpr std::size_t kContacts = 64;
  // Those that are slow are not asked for as many.
  for (const Protocol& protocol : protocols()) {
    const bool is_slow = protocol.name.substr(0, 4) == "rsa-" || protocol.name.substr(0, 3) == "dh-";
    const std::size_t subscribers = is_slow ? std::size_t{32} : kSubscribers;
    CAPTURE(protocol.name, subscribers);
    const std::string name(protocol.name);
    Parties idle(test_keeping(), "naive", 1, 1);
    const std::uint64_t nothing = idle.set_up().peak_bytes;
    Parties parties(test_keeping(), name, subscribers, 1);
    const Setup setup = parties.set_up();
    const Run run = parties.run(kContacts, 0);
    const std::uint64_t room = 4U << 20U;  // pages of programs and of the allocator
    CHECK(setup.peak_bytes <=
          nothing + subscribers * kSubscriberBytes + protocol.service_memory(subscribers, kContacts) + room);
    CHECK(run.client.peak_bytes <= nothing + protocol.client_memory(subscribers, kContacts) + room);
  }
}

}  // namespace
}  // namespace blindbook::bench
