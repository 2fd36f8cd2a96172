#pragma once

#include <string_view>

/// The texts of this folder's files, compiled in by CMake.
namespace blindbook::bench {

[[nodiscard]] std::string_view uplot_script() noexcept;   ///< uplot/uPlot.iife.min.js
[[nodiscard]] std::string_view uplot_style() noexcept;    ///< uplot/uPlot.min.css
[[nodiscard]] std::string_view charts_script() noexcept;  ///< charts.js
[[nodiscard]] std::string_view report_style() noexcept;   ///< report.css

}  // namespace blindbook::bench
