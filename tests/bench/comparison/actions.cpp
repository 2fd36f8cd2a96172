#include "tests/bench/comparison/actions.h"

#include <array>

namespace blindbook::bench {

std::span<const Action> actions() {
  static constexpr std::array<Action, 0> kActions{};
  return kActions;
}

}  // namespace blindbook::bench
