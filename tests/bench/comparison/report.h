#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/bench/comparison/grid.h"
#include "tests/bench/comparison/results.h"
#include "tests/bench/comparison/summary.h"

/// A comparison that is done, in the three forms in which it is given.
namespace blindbook::bench {

struct Comparison {
  nlohmann::ordered_json environment;
  Plan plan;
  std::vector<Setup> setups;
  std::vector<Run> runs;
};

/// Everything, as docs/research.md describes it: schema "blindbook.bench/1".
[[nodiscard]] nlohmann::ordered_json comparison_json(const Comparison& comparison);

/// Tables for people: one for each number of subscribers and contacts, what was left out, who learns what, and what others
/// have published.
[[nodiscard]] std::string comparison_text(const Comparison& comparison);

/// One row for each place in the grid, with a heading.
[[nodiscard]] std::string comparison_csv(const Comparison& comparison);

/// The protocols of this machine with what is said of them: for --list.
/// @{
[[nodiscard]] nlohmann::ordered_json protocols_json(const std::vector<std::string>& names);
[[nodiscard]] std::string protocols_text(const std::vector<std::string>& names);
/// @}

}  // namespace blindbook::bench
