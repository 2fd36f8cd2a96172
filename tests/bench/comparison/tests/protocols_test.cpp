#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "blindbook/model/sizes.h"

#include "tests/bench/baselines/blindbook.h"
#include "tests/bench/baselines/protocol.h"
#include "tests/bench/comparison/frames.h"
#include "tests/bench/comparison/parties.h"
#include "tests/bench/comparison/tests/keeping.h"

namespace blindbook::bench {
namespace {

constexpr std::uint64_t kPrefix = kFrameHeaderBytes;

TEST_CASE("every protocol has a name of its own and says what it is") {
  std::set<std::string_view> names;
  for (const Protocol& protocol : protocols()) {
    CAPTURE(protocol.name);
    CHECK(names.insert(protocol.name).second);
    CHECK(find_protocol(protocol.name) == &protocol);
    CHECK(protocol.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos);
    for (const std::string_view text :
         {protocol.title, protocol.source, protocol.service_learns, protocol.client_learns, protocol.note}) {
      CHECK_FALSE(text.empty());
    }
  }
  CHECK(find_protocol("blindbook-checked") == nullptr);
  REQUIRE(find_protocol("blindbook-scalar51") != nullptr);
  CHECK(protocols().front().name.substr(0, kBlindbookPrefix.size()) == kBlindbookPrefix);
}

TEST_CASE("every protocol finds who subscribes and nobody else") {
  for (const Protocol& protocol : protocols()) {
    CAPTURE(protocol.name);
    Parties parties(test_keeping(), std::string(protocol.name), 40, 7);
    static_cast<void>(parties.set_up());
    for (std::size_t round = 0; round < 2; ++round) {
      const Run run = parties.run(round == 0 ? 24 : 3, round);
      CHECK(run.missed == 0);
      CHECK(run.false_matches == 0);
      CHECK(run.matches == (round == 0 ? 6 : 1));
    }
  }
}

TEST_CASE("every protocol finds one of one and none where nobody it knows subscribes") {
  for (const Protocol& protocol : protocols()) {
    CAPTURE(protocol.name);
    Parties parties(test_keeping(), std::string(protocol.name), 1, 3);
    static_cast<void>(parties.set_up());
    const Run run = parties.run(1, 0);
    CHECK(run.matches == 1);
    CHECK(run.missed == 0);
    CHECK(run.false_matches == 0);
  }
}

TEST_CASE("blindbook moves the bytes that the model says and four a message") {
  for (const Protocol& protocol : protocols()) {
    if (protocol.name.substr(0, kBlindbookPrefix.size()) != kBlindbookPrefix) {
      continue;
    }
    CAPTURE(protocol.name);
    Parties parties(test_keeping(), std::string(protocol.name), 500, 1);
    const Setup setup = parties.set_up();
    // Its tags are drawn anew each time: exact is what the model says of the rest, and the tags near their expectation.
    const std::uint64_t expected = model::expected_directory_bytes({.entries = 500});
    CHECK(setup.published_bytes > expected - expected / 50);
    CHECK(setup.published_bytes < expected + expected / 50);
    for (const auto& [contacts, batch] :
         {std::pair<std::size_t, std::uint32_t>{5, 64}, {64, 64}, {65, 256}}) {
      const model::EvaluateBytes bytes = model::evaluate_bytes(batch);
      const Run run = parties.run(contacts, 0);
      // The client asks for the announcement by an empty message.
      CHECK(run.client.bytes_sent == kPrefix + kPrefix + bytes.request);
      CHECK(run.client.messages_sent == 2);
      CHECK(run.service.messages_sent == 2);
      CHECK(run.round_trips == 2);
      const std::uint64_t announcement = run.service.bytes_sent - 2 * kPrefix - bytes.answer;
      const std::vector<std::uint32_t> batches{batch};
      const model::RunBytes whole = model::run_bytes(batches, announcement, setup.published_bytes);
      CHECK(run.client.bytes_sent == whole.sent + 2 * kPrefix);
      CHECK(run.service.bytes_sent + run.download_bytes == whole.received + 3 * kPrefix);
      CHECK(run.download_bytes == setup.published_bytes + kPrefix);
      CHECK(announcement > 500);
      CHECK(announcement < 2'000);
    }
  }
}

TEST_CASE("a party of blindbook runs with the kernel that its name asks for") {
  // One that does not exist is refused by the processes, so the name reaches them.
  Keeping keeping = test_keeping();
  Parties parties(keeping, "blindbook-scalar51", 1, 1);
  static_cast<void>(parties.set_up());
  for (const int process : parties.processes()) {
    std::string environment;
    {
      FILE* const file = std::fopen(("/proc/" + std::to_string(process) + "/environ").c_str(), "r");
      REQUIRE(file != nullptr);
      std::vector<char> buffer(1U << 20U);
      environment.assign(buffer.data(), std::fread(buffer.data(), 1, buffer.size(), file));
      std::fclose(file);
    }
    CHECK((std::string(1, '\0') + environment).find(std::string("\0BLINDBOOK_KERNEL=scalar51\0", 26)) !=
          std::string::npos);
  }
}

}  // namespace
}  // namespace blindbook::bench
