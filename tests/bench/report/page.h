#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "blindbook/base/error.h"

namespace blindbook::bench {

/// The results of a comparison ("blindbook.bench/1", docs/research.md) as one HTML file that loads nothing: tables that need
/// no script, charts by uPlot, and the results themselves. Text within them is shown as text, whatever it is. BadInput
/// "bench.results" when they are not such results, or hold no run.
[[nodiscard]] Result<std::string> report_page(const nlohmann::ordered_json& results);

}  // namespace blindbook::bench
