#include "tests/bench/comparison/grid.h"

#include <algorithm>
#include <set>
#include <string>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace blindbook::bench {
namespace {

using Sizes = std::vector<std::size_t>;

TEST_CASE("sizes are read as numbers and as powers of two") {
  CHECK(read_sizes("1024,2^14,3", "subscribers", 100'000) == Sizes{1024, 16384, 3});
  CHECK(read_sizes("7", "subscribers", 7) == Sizes{7});
}

TEST_CASE("sizes that nobody can mean are refused with the bound that they break") {
  for (const char* const text : {"", "0", "8", "2^3", "2^64", "2^-1", "-1", "+1", "1,", ",1", "1,,2", "1e3",
                                 "1 2", "99999999999999999999", "2^", "7x"}) {
    CAPTURE(text);
    try {
      static_cast<void>(read_sizes(text, "contacts", 7));
      FAIL("it was taken");
    } catch (const BadRequest& error) {
      CHECK(std::string(error.what()).find("--contacts cannot be") == 0);
      CHECK(error.hint().find("from 1 to 7") != std::string::npos);
    }
  }
  CHECK_THROWS_AS(read_sizes("1,2,1", "contacts", 7), BadRequest);
}

TEST_CASE("protocols are read by name and unknown ones are refused with those there are") {
  CHECK(read_protocols("sha256,naive") == std::vector<std::string>{"sha256", "naive"});
  CHECK_THROWS_AS(read_protocols("naive,naive"), BadRequest);
  for (const char* const text : {"", "naive,", "Naive", "naive sha256"}) {
    try {
      static_cast<void>(read_protocols(text));
      FAIL("it was taken");
    } catch (const BadRequest& error) {
      CHECK(error.hint().find("naive, sha256") != std::string::npos);
    }
  }
}

TEST_CASE("the whole grid is the one that is published and the quick one is a part of it") {
  const Grid full = full_grid();
  CHECK(full.subscribers == Sizes{1024, 16'384, 131'072, 1'048'576});
  CHECK(full.contacts == Sizes{64, 256, 1024});
  CHECK(full.protocols.size() == protocols().size());
  const Grid quick = quick_grid();
  CHECK(std::includes(full.subscribers.begin(), full.subscribers.end(), quick.subscribers.begin(),
                      quick.subscribers.end()));
  // Without those whose trial alone would take as long as all of it.
  for (const std::string& name : full.protocols) {
    CAPTURE(name);
    const bool is_tried =
        std::find(quick.protocols.begin(), quick.protocols.end(), name) != quick.protocols.end();
    CHECK(is_tried != takes_seconds(name));
  }
  CHECK(takes_seconds("rsa-3072-boost"));
  CHECK_FALSE(takes_seconds("ecdh-golomb"));
  CHECK_FALSE(takes_seconds("rsa-2048-openssl"));
}

TEST_CASE("a place above a protocol's cap is left out with the reason and the others are not") {
  Grid grid;
  grid.protocols = {"blindbook-scalar51", "naive"};
  grid.subscribers = {10, 20};
  grid.contacts = {4096, 4097};
  const Plan plan = plan_of(grid);
  REQUIRE(plan.left_out.size() == 2);
  for (const LeftOut& cell : plan.left_out) {
    CHECK(cell.protocol == "blindbook-scalar51");
    CHECK(cell.contacts == 4097);
    CHECK(cell.why.find("capped at 4,096 contacts: ") == 0);
  }
  const auto cells = cells_at(plan, 20);
  CHECK(cells.size() == 3);
  CHECK(std::count_if(cells.begin(), cells.end(), [](const Cell& cell) { return cell.contacts == 4097; }) ==
        1);
}

TEST_CASE("each round has an order of its own and the same one each time") {
  Grid grid;
  grid.protocols = {"naive", "sha256"};
  grid.subscribers = {10};
  grid.contacts = {1, 2, 3, 4, 5, 6};
  const Plan plan = plan_of(grid);
  const auto order = [&](std::uint64_t seed, std::size_t round) {
    std::vector<std::pair<std::string_view, std::size_t>> out;
    for (const Cell& cell : in_order_of_round(cells_at(plan, 10), seed, 10, round)) {
      out.emplace_back(cell.protocol->name, cell.contacts);
    }
    return out;
  };
  auto first = order(1, 1);
  CHECK(first == order(1, 1));
  CHECK(first != order(1, 2));
  CHECK(first != order(2, 1));
  auto second = order(1, 2);
  std::sort(first.begin(), first.end());
  std::sort(second.begin(), second.end());
  CHECK(first == second);
  CHECK(std::set(first.begin(), first.end()).size() == 12);
}

TEST_CASE("a plan comes out of JSON as it went in") {
  Grid grid;
  grid.protocols = {"blindbook-scalar51", "naive"};
  grid.subscribers = {10};
  grid.contacts = {4097};
  grid.rounds = 3;
  grid.seed = 77;
  const Plan plan = plan_of(grid);
  const Plan read = plan_from(json_of(plan.grid), json_of(plan.left_out));
  CHECK(read.grid == plan.grid);
  CHECK(read.left_out == plan.left_out);
}

}  // namespace
}  // namespace blindbook::bench
