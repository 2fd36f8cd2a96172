#include "tests/bench/comparison/actions.h"

#include <array>

namespace blindbook::bench {

std::span<const Action> actions() {
  static constexpr std::array kActions{Action{"attack", run_attack_option}};
  return kActions;
}

}  // namespace blindbook::bench
