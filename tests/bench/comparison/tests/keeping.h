#pragma once

#include "tests/bench/comparison/parties.h"

namespace blindbook::bench {

/// Parties of bench-test-party, which a test has less patience with.
inline Keeping test_keeping() {
  Keeping out;
  out.program = BLINDBOOK_TEST_PARTY;
  return out;
}

}  // namespace blindbook::bench
