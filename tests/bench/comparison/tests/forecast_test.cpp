#include "tests/bench/comparison/forecast.h"

#include <string>

#include <catch2/catch.hpp>

#include "tests/bench/comparison/scene.h"
#include "tests/bench/comparison/tests/keeping.h"

namespace blindbook::bench {
namespace {

Plan uploads(std::vector<std::size_t> subscribers) {
  Grid grid;
  grid.protocols = {"naive", "sha256"};
  grid.subscribers = std::move(subscribers);
  grid.contacts = {4, 8};
  grid.rounds = 2;
  return plan_of(grid);
}

TEST_CASE("a grid that would not fit into memory is refused with what it would take and what there is") {
  const Plan plan = uploads({100, 50'000'000});
  const std::uint64_t needed = memory_at(plan, 50'000'000);
  // Two services, and the list that one of them is made from.
  CHECK(needed > 50'000'000 * (2 * 100 + kSubscriberBytes));
  CHECK_NOTHROW(require_memory(plan, needed));
  try {
    require_memory(plan, needed - 1);
    FAIL("it was let through");
  } catch (const BadRequest& error) {
    const std::string text = error.what();
    CHECK(text.find("50,000,000 subscribers would take up to ") == 0);
    CHECK(text.find("are available") != std::string::npos);
    CHECK(error.hint().find("--subscribers") == 0);
  }
  CHECK_NOTHROW(require_memory(uploads({100}), 200'000'000));
  CHECK(available_memory() > (1U << 20U));
}

TEST_CASE("a forecast knows every protocol of the plan and grows with it") {
  const Plan plan = uploads({100});
  const Forecast forecast(test_keeping(), plan);
  for (const char* const name : {"naive", "sha256"}) {
    CHECK(forecast.setup_seconds(name, 1'000'000) > forecast.setup_seconds(name, 1'000));
    CHECK(forecast.run_seconds(name, 1'000, 1'000) >= forecast.run_seconds(name, 1'000, 10));
    CHECK(forecast.run_seconds(name, 1'000, 1'000'000) > 0);
  }
  // Their runs are over in a moment, whatever the set: what a few subscribers more seem to take is no forecast.
  CHECK(forecast.run_seconds("naive", 1'000'000, 10) < 60);
  const double total = forecast.total_seconds(plan);
  CHECK(total > 0);
  CHECK(forecast.total_seconds(uploads({100, 1'000'000})) > total);

  SECTION("and a plan is shortened from its most expensive place on") {
    const Plan large = uploads({100, 10'000'000});
    const Plan shorter = shortened(large, forecast, forecast.total_seconds(large) * 0.9);
    REQUIRE_FALSE(shorter.left_out.empty());
    for (const LeftOut& cell : shorter.left_out) {
      CHECK(cell.subscribers == 10'000'000);
      CHECK(cell.why.find("left out of a quick comparison: it would take about ") == 0);
    }
    CHECK(cells_at(shorter, 100).size() == 4);
    CHECK(shortened(large, forecast, 0).left_out.size() == 8);
    CHECK(shortened(plan, forecast, total + 1).left_out.empty());
  }
}

}  // namespace
}  // namespace blindbook::bench
