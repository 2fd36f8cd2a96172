#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "blindbook/model/calibration.h"

/// Measures what this machine takes for each piece of work that `blindbook estimate` counts (docs/spec/calibration.md).
namespace blindbook::bench {

struct CalibrationOptions {
  std::string program;  ///< path of `blindbook`, whose commands are measured
  std::string commit;   ///< of its sources, as it is to stand in the result
  std::size_t rounds = 5;
  std::uint64_t rows = 150'000;  ///< of the lists that are published
  /// Called with what is measured next. May be empty.
  std::function<void(std::string_view what)> progress = {};
};

/// Of the suite ristretto255-SHA512 and the kernel in use. Takes less than 20 seconds. Throws std::runtime_error when a
/// command fails or a result is not what it must be.
[[nodiscard]] model::Calibration calibrate(const CalibrationOptions& options);

}  // namespace blindbook::bench
