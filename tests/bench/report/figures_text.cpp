#include "tests/bench/report/figures_text.h"

#include <array>
#include <cmath>
#include <cstdint>
#include <sstream>
#include <utility>

#include "cli/common/text.h"

namespace blindbook::bench {
namespace {

/// Three significant digits, zeros at the end left in: "1.20", "45.6", "789".
std::string three_digits(double value) {
  int decimals = 2;
  for (double bound = 9.995; value >= bound && decimals > 0; bound *= 10) {
    --decimals;
  }
  std::ostringstream out;
  out.setf(std::ios::fixed);
  out.precision(decimals);
  out << value;
  return out.str();
}

}  // namespace

std::string seconds_text(double seconds) {
  constexpr std::array<std::pair<double, const char*>, 4> kUnits{
      {{3600, " h"}, {60, " min"}, {1, " s"}, {1e-3, " ms"}}};
  for (const auto& [unit, name] : kUnits) {
    if (seconds >= 0.9995 * unit * (unit > 1 ? 2 : 1)) {
      return three_digits(seconds / unit) + name;
    }
  }
  return three_digits(seconds * 1e6) + " us";
}

std::string ratio_text(double ratio) {
  return "x " + (ratio >= 999.5 ? cli::grouped(static_cast<std::uint64_t>(std::llround(ratio)))
                                : three_digits(ratio));
}

}  // namespace blindbook::bench
