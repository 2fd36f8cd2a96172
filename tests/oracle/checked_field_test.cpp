// The checker of bounds checks.
#include <catch2/catch.hpp>

#include "tests/oracle/checked/field.h"

namespace c = blindbook::group::kernel::checked;

namespace {

/// Zero with the given bound.
c::Field zero_up_to(std::uint64_t bound) {
  return c::bounded({0, 0, 0, 0, 0}, bound);
}

}  // namespace

TEST_CASE("the checked field refuses an operand by its bound whatever its limbs") {
  CHECK_NOTHROW(c::multiply(zero_up_to(c::kLooseMax), zero_up_to(c::kLooseMax)));
  CHECK_THROWS_AS(c::multiply(zero_up_to(c::kLooseMax + 1), zero_up_to(1)), std::logic_error);
  CHECK_THROWS_AS(c::multiply(zero_up_to(1), zero_up_to(c::kLooseMax + 1)), std::logic_error);
  CHECK_THROWS_AS(c::square(zero_up_to(c::kLooseMax + 1)), std::logic_error);
  CHECK_THROWS_AS(c::carry(zero_up_to(c::kLooseMax + 1)), std::logic_error);
  CHECK_THROWS_AS(c::canonical(zero_up_to(c::kLooseMax + 1)), std::logic_error);
}

TEST_CASE("the checked field refuses a subtrahend that could underflow") {
  const c::Field reduced = zero_up_to(c::kReducedMax);
  CHECK_NOTHROW(c::subtract<2>(reduced, reduced));
  CHECK_THROWS_AS(c::subtract<2>(reduced, c::add(reduced, reduced)), std::logic_error);
  CHECK_NOTHROW(c::subtract<4>(reduced, c::add(reduced, reduced)));
  CHECK_NOTHROW(c::subtract<2>(reduced, c::negate(reduced)));
}

TEST_CASE("the checked field refuses limbs above their bound") {
  CHECK_THROWS_AS(c::bounded({8, 0, 0, 0, 0}, 7), std::logic_error);
  CHECK_THROWS_AS(c::bounded({0, 0, 0, 0, 8}, 7), std::logic_error);
  std::uint64_t limbs[5] = {};
  CHECK_THROWS_AS(c::store(zero_up_to(c::kReducedMax + 1), limbs, 5, 1), std::logic_error);
  limbs[2] = c::kReducedMax + 1;
  c::Field out;
  CHECK_THROWS_AS(c::load(out, limbs, 5, 1), std::logic_error);
}
