// Memory of an app, which sanitizers would multiply: linked where there is none.
#include "tests/capi/footprint.h"

#include <catch2/catch.hpp>

namespace blindbook {

TEST_CASE("an app reads a directory of a million entries in sixteen megabytes") {
  const test_support::Footprint footprint =
      test_support::measure_footprint(BLINDBOOK_FOOTPRINT_CLIENT, 1'000, 1'000'000);
  CAPTURE(footprint.loaded, footprint.evaluated, footprint.done);
  CHECK(footprint.matches == 100);
  CHECK(footprint.done - footprint.loaded <= 16'000'000 / 1024);
}

TEST_CASE("a larger directory takes no more memory") {
  const auto small = test_support::measure_footprint(BLINDBOOK_FOOTPRINT_CLIENT, 1'000, 10'000);
  const auto large = test_support::measure_footprint(BLINDBOOK_FOOTPRINT_CLIENT, 1'000, 300'000);
  CHECK(large.done - large.loaded <= small.done - small.loaded + 512);
}

}  // namespace blindbook
