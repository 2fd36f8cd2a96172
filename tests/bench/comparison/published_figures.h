#pragma once

#include <nlohmann/json_fwd.hpp>

namespace blindbook::bench {

/// The figures of tests/bench/published.json, as this program was built with it: those of papers and peers, with their sources.
[[nodiscard]] nlohmann::ordered_json published_figures();

}  // namespace blindbook::bench
