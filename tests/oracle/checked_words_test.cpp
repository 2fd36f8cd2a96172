// The watcher of bounds is watched: each operation of `checked` notes what breaks its contract, and nothing else.
#include <catch2/catch.hpp>

#include "blindbook/group/kernel/checked/field.h"

namespace c = blindbook::group::kernel::checked;

namespace {

constexpr std::uint64_t kMax = ~std::uint64_t{0};

template <class Function>
bool breaks(Function function) {
  c::broken_bounds = 0;
  (void)function();
  const bool broken = c::broken_bounds != 0;
  c::broken_bounds = 0;
  return broken;
}

/// `value` in the last lane, `rest` elsewhere: every lane is looked at.
c::Words last(std::uint64_t value, std::uint64_t rest) {
  c::Words out = c::splat(rest);
  out.lane[c::kLanes - 1] = value;
  return out;
}

template <unsigned Quarters>
c::Bounded<Quarters> limbs(std::uint64_t value) {
  c::Bounded<Quarters> out;
  for (c::Words& limb : out.limb) {
    limb = last(value, 0);
  }
  return out;
}

}  // namespace

TEST_CASE("checked words note a sum that wraps and a difference below zero") {
  CHECK_FALSE(breaks([] { return last(kMax - 1, 0) + c::splat(1); }));
  CHECK(breaks([] { return last(kMax, 0) + c::splat(1); }));
  CHECK_FALSE(breaks([] { return last(5, 9) - c::splat(5); }));
  CHECK(breaks([] { return last(4, 9) - c::splat(5); }));
}

TEST_CASE("checked words note a factor of 53 bits and a product that wraps") {
  constexpr std::uint64_t kLargest = (std::uint64_t{1} << 52) - 1;
  const c::Words none = c::splat(0);
  CHECK_FALSE(breaks([&] { return c::multiply_add_low(none, last(kLargest, 0), last(kLargest, 0)); }));
  CHECK_FALSE(breaks([&] { return c::multiply_add_high(none, last(kLargest, 0), last(kLargest, 0)); }));
  CHECK(breaks([&] { return c::multiply_add_low(none, last(kLargest + 1, 0), c::splat(0)); }));
  CHECK(breaks([&] { return c::multiply_add_low(none, c::splat(0), last(kLargest + 1, 0)); }));
  CHECK(breaks([&] { return c::multiply_add_high(none, last(kLargest + 1, 0), c::splat(0)); }));
  CHECK(breaks([&] { return c::multiply_add_low(last(kMax, 0), last(1, 0), c::splat(1)); }));
  CHECK_FALSE(breaks([] { return c::times_19(last(kMax / 19, 0)); }));
  CHECK(breaks([] { return c::times_19(last(kMax / 19 + 1, 0)); }));
}

TEST_CASE("checked elements note a limb above the bound of its type") {
  constexpr std::uint64_t kQuarter = std::uint64_t{1} << 49;
  CHECK_FALSE(breaks([] { return c::carry(limbs<8>(8 * kQuarter - 1)); }));
  CHECK(breaks([] { return c::carry(limbs<8>(8 * kQuarter)); }));
  CHECK_FALSE(breaks([] { return c::square(limbs<8>(8 * kQuarter - 1)); }));
  CHECK(breaks([] { return c::square(limbs<8>(8 * kQuarter)); }));
  CHECK(breaks([] { return c::multiply(limbs<8>(8 * kQuarter), limbs<8>(0)); }));
  CHECK(breaks([] { return c::multiply(limbs<8>(0), limbs<8>(8 * kQuarter)); }));
  CHECK(breaks([] { return c::subtract(limbs<5>(0), limbs<5>(5 * kQuarter)); }));
  CHECK(breaks([] { return c::negate(limbs<5>(5 * kQuarter)); }));
  CHECK(breaks([] { return c::canonical(limbs<5>(5 * kQuarter)); }));
}
