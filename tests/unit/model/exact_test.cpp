#include "blindbook/model/exact.h"

#include <cmath>
#include <limits>

#include <catch2/catch.hpp>

using namespace blindbook::model;

TEST_CASE("a fraction need not be in lowest terms") {
  CHECK(to_double(Fraction{6, 8}) == 0.75);
  CHECK(log2_of(Fraction{3, 12}) == -2);
  CHECK(to_double(Fraction{0, 12}) == 0);
}

TEST_CASE("a rational becomes the double below it") {
  CHECK(to_double(0) == 0);
  CHECK(to_double(1) == 1);
  CHECK(to_double(Rational(3, 8)) == 0.375);
  CHECK(to_double(Rational(power_of_two(53) + 1)) == 0x1p53);
  for (const int third : {1, 2, 5, 1'000'000'007}) {
    const double value = to_double(Rational(third, 3));
    CHECK(Rational(value) <= Rational(third, 3));
    CHECK(Rational(std::nextafter(value, std::numeric_limits<double>::infinity())) > Rational(third, 3));
  }
}

TEST_CASE("terms too long for a double make no difference") {
  const Rational tiny(power_of_two(60'000) + 1, power_of_two(60'036));
  CHECK(to_double(tiny) == 0x1p-36);
  CHECK(to_double(Rational(1, power_of_two(5'000))) == 0);
  CHECK(to_double(Rational(power_of_two(5'000))) == std::numeric_limits<double>::infinity());
}

TEST_CASE("logarithms reach where doubles do not") {
  CHECK(log2_of(Rational(1, power_of_two(5'000))) == -5'000);
  CHECK(log2_of(Rational(power_of_two(70'000))) == 70'000);
  CHECK(log2_of(Rational(10, 1)) == Approx(std::log2(10)).epsilon(1e-15));
  CHECK(log2_of(0) == -std::numeric_limits<double>::infinity());
}
