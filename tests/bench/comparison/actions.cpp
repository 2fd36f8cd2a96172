#include "tests/bench/comparison/actions.h"

#include <array>

#include "tests/bench/calibrate/calibrate_option.h"
#include "tests/bench/report/write_report.h"

namespace blindbook::bench {

std::span<const Action> actions() {
  static constexpr std::array kActions{Action{"attack", run_attack_option},
                                       Action{"calibrate", run_calibrate_option}, Action{"from", run_report}};
  return kActions;
}

}  // namespace blindbook::bench
