#include "tests/bench/comparison/journal.h"

#include <fstream>
#include <string>

#include <catch2/catch.hpp>

#include "tests/bench/comparison/environment.h"
#include "tests/support/temporary_folder.h"

namespace blindbook::bench {
namespace {

Plan small_plan() {
  Grid grid;
  grid.protocols = {"naive"};
  grid.subscribers = {10};
  grid.contacts = {4};
  return plan_of(grid);
}

Setup a_setup() {
  Setup out;
  out.protocol = "naive";
  out.subscribers = 10;
  out.cpu_seconds = 0.1;
  out.wall_seconds = 0.2;
  out.published_bytes = 3;
  out.peak_bytes = 4;
  return out;
}

Run a_run(std::size_t round) {
  Run out;
  out.protocol = "naive";
  out.subscribers = 10;
  out.contacts = 4;
  out.round = round;
  out.warm_up = round == 0;
  out.service.cpu_seconds = 0.1 + 1e-9;
  out.client.ask_cpu_seconds = 0.3;
  out.client.peak_bytes = 99;
  out.download_bytes = 12;
  out.false_matches = 1;
  return out;
}

void append(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::app | std::ios::binary) << text;
}

TEST_CASE("a journal gives back what was kept in it to the last digit") {
  const test_support::TemporaryFolder folder;
  const std::string path = (folder / "result.journal").string();
  {
    Journal journal = Journal::begin(path, small_plan(), environment_at_start());
    journal.add(a_setup());
    journal.add(a_run(0));
    journal.add(a_run(1));
  }
  Journal::Content content;
  {
    Journal journal = Journal::resume(path, content);
    journal.add(a_run(2));
  }
  CHECK(content.plan.grid == small_plan().grid);
  CHECK(content.environment.at("resumed").size() == 1);
  REQUIRE(content.setups.size() == 1);
  CHECK(json_of(content.setups.front()) == json_of(a_setup()));
  REQUIRE(content.runs.size() == 2);
  CHECK(json_of(content.runs[1]) == json_of(a_run(1)));
  content = {};
  Journal::resume(path, content).remove();
  CHECK(content.runs.size() == 3);
  CHECK(content.environment.at("resumed").size() == 2);
  CHECK_THROWS_AS(Journal::resume(path, content), BadRequest);
}

TEST_CASE("a line that a kill cut short is taken away and written anew") {
  const test_support::TemporaryFolder folder;
  const std::string path = (folder / "result.journal").string();
  {
    Journal journal = Journal::begin(path, small_plan(), environment_at_start());
    journal.add(a_setup());
    journal.add(a_run(0));
  }
  append(path, R"({"run":{"protocol":"nai)");
  Journal::Content content;
  {
    Journal journal = Journal::resume(path, content);
    CHECK(content.runs.size() == 1);
    journal.add(a_run(1));
  }
  content = {};
  static_cast<void>(Journal::resume(path, content));
  CHECK(content.runs.size() == 2);
}

TEST_CASE("a journal that a comparison writes is nobody else's") {
  const test_support::TemporaryFolder folder;
  const std::string path = (folder / "result.journal").string();
  Journal::Content content;
  const auto refused_as_running = [&] {
    try {
      static_cast<void>(Journal::resume(path, content));
      return false;
    } catch (const BadRequest& error) {
      return std::string(error.what()).find("a comparison that is running writes ") == 0;
    }
  };
  {
    Journal journal = Journal::begin(path, small_plan(), environment_at_start());
    journal.add(a_setup());
    journal.add(a_run(0));
    CHECK(refused_as_running());
  }
  {
    const Journal journal = Journal::resume(path, content);
    CHECK(refused_as_running());
  }
  CHECK_FALSE(refused_as_running());
}

TEST_CASE("a journal of something else is refused and one that is there is not overwritten") {
  const test_support::TemporaryFolder folder;
  const std::string path = (folder / "result.journal").string();
  Journal::Content content;
  for (const char* const text : {"", "\n", "{}\n", "nothing\n", "{\"schema\":\"blindbook.bench/1\"}\n",
                                 "{\"schema\":\"blindbook.bench.journal/1\"}\n"}) {
    CAPTURE(text);
    std::ofstream(path, std::ios::trunc) << text;
    CHECK_THROWS_AS(Journal::resume(path, content), BadRequest);
    CHECK_THROWS_AS(Journal::begin(path, small_plan(), environment_at_start()), BadRequest);
  }
  CHECK_THROWS_AS(Journal::begin((folder / "no" / "folder").string(), small_plan(), environment_at_start()),
                  BadRequest);
}

TEST_CASE("a journal whose grid cannot be is refused") {
  const test_support::TemporaryFolder folder;
  const auto spoilt = [&](const char* name, auto&& spoil) {
    const std::string path = (folder / name).string();
    Plan plan = small_plan();
    spoil(plan.grid);
    static_cast<void>(Journal::begin(path, plan, environment_at_start()));
    Journal::Content content;
    CHECK_THROWS_AS(Journal::resume(path, content), BadRequest);
  };
  spoilt("protocols", [](Grid& grid) { grid.protocols.clear(); });
  spoilt("subscribers", [](Grid& grid) { grid.subscribers.clear(); });
  spoilt("contacts", [](Grid& grid) { grid.contacts.clear(); });
  spoilt("nobody", [](Grid& grid) { grid.contacts = {0}; });
  spoilt("twice", [](Grid& grid) { grid.protocols = {"naive", "naive"}; });
  spoilt("sizes", [](Grid& grid) { grid.subscribers = {10, 10}; });
  spoilt("rounds", [](Grid& grid) { grid.rounds = 0; });
}

TEST_CASE("a journal whose lines do not belong together is refused") {
  const test_support::TemporaryFolder folder;
  const auto is_taken = [&](const std::string& name, const std::vector<std::string>& lines) {
    const std::string path = (folder / name).string();
    {
      Journal journal = Journal::begin(path, small_plan(), environment_at_start());
      journal.add(a_setup());
    }
    for (const std::string& line : lines) {
      append(path, line + "\n");
    }
    Journal::Content content;
    try {
      static_cast<void>(Journal::resume(path, content));
      return true;
    } catch (const BadRequest& error) {
      CHECK(std::string(error.what()).find("is no journal of a comparison") != std::string::npos);
      return false;
    }
  };
  const auto line = [](const auto& change) {
    nlohmann::ordered_json run = json_of(a_run(1));
    change(run);
    return nlohmann::ordered_json{{"run", run}}.dump();
  };
  using Json = nlohmann::ordered_json;
  const std::string good = line([](Json&) {});
  CHECK(is_taken("good", {good}));
  CHECK_FALSE(is_taken("twice", {good, good}));
  CHECK_FALSE(is_taken("resumed", {R"({"resumed":5})", "[]"}));
  CHECK_FALSE(is_taken("missed", {line([](Json& run) { run["missed"] = 3; })}));
  CHECK_FALSE(is_taken("warm", {line([](Json& run) { run["warm_up"] = true; })}));
  CHECK_FALSE(is_taken("round", {line([](Json& run) { run["round"] = 6; })}));
  CHECK_FALSE(is_taken("place", {line([](Json& run) { run["contacts"] = 5; })}));
  CHECK_FALSE(is_taken("other", {line([](Json& run) { run["protocol"] = "sha256"; })}));
  CHECK_FALSE(is_taken("negative", {line([](Json& run) { run["service"]["bytes_sent"] = -5; })}));
  CHECK_FALSE(is_taken("past", {line([](Json& run) {
                         run["client"]["cpu_seconds"] = 0;
                         run["wall_seconds"] = -1.0;
                       })}));
  CHECK_FALSE(is_taken("much", {line([](Json& run) { run["client"]["bytes_sent"] = ~std::uint64_t{0}; })}));
}

TEST_CASE("a journal whose environment is none is refused") {
  const test_support::TemporaryFolder folder;
  int number = 0;
  const nlohmann::ordered_json whole = environment_at_start();
  for (const auto& [name, value] : whole.items()) {
    for (const bool is_there : {false, true}) {
      CAPTURE(name, is_there);
      nlohmann::ordered_json environment = environment_at_start();
      environment.erase(name);
      if (is_there) {
        environment[name] = nlohmann::ordered_json::object();
      }
      const std::string path = (folder / std::to_string(number++)).string();
      static_cast<void>(Journal::begin(path, small_plan(), environment));
      Journal::Content content;
      CHECK_THROWS_AS(Journal::resume(path, content), BadRequest);
    }
  }
}

TEST_CASE("a journal of another build or another machine is not gone on with") {
  const test_support::TemporaryFolder folder;
  for (const char* const what : {"commit", "machine"}) {
    const std::string path = (folder / what).string();
    nlohmann::ordered_json environment = environment_at_start();
    environment[what] = "another";
    static_cast<void>(Journal::begin(path, small_plan(), environment));
    Journal::Content content;
    try {
      static_cast<void>(Journal::resume(path, content));
      FAIL("it was gone on with");
    } catch (const BadRequest& error) {
      CHECK(std::string(error.what()).find("another build") != std::string::npos);
    }
  }
}

}  // namespace
}  // namespace blindbook::bench
