#pragma once

#include <cstddef>
#include <vector>

/// What a load is measured by.
namespace blindbook::bench {

/// Numbers of the cores that this process may use.
[[nodiscard]] std::vector<std::size_t> usable_cores();

/// Seconds for which `cores` have done nothing since the machine started, summed up.
[[nodiscard]] double idle_seconds(const std::vector<std::size_t>& cores);

/// The value that `percent` of `values`, which are not empty, do not exceed.
[[nodiscard]] double percentile(std::vector<double> values, std::size_t percent);

}  // namespace blindbook::bench
