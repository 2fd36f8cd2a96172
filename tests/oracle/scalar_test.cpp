// Arithmetic modulo l against big integers.
#include <catch2/catch.hpp>

#include "blindbook/group/scalar_arithmetic.h"

#include "tests/oracle/kernels.h"

using namespace blindbook;
using namespace blindbook::oracle;
namespace scalar = blindbook::group::scalar;

namespace {

Integer from_words(const group::ScalarWords& words) {
  Integer value = 0;
  for (std::size_t i = 4; i-- > 0;) {
    value = (value << 64) + words[i];
  }
  return value;
}

std::vector<Integer> operands() {
  std::vector<Integer> values = edge_scalars();
  test_support::DeterministicRandom random(20);
  for (int i = 0; i < 8; ++i) {
    values.push_back(random_integer(random, group_order()));
  }
  return values;
}

}  // namespace

TEST_CASE("scalar sums differences and products agree with big integers") {
  const Integer& l = group_order();
  for (const Integer& a : operands()) {
    for (const Integer& b : operands()) {
      CHECK(from_words(scalar::add(to_words(a), to_words(b))) == modulo(a + b, l));
      CHECK(from_words(scalar::subtract(to_words(a), to_words(b))) == modulo(a - b, l));
      CHECK(from_words(scalar::multiply(to_words(a), to_words(b))) == modulo(a * b, l));
    }
  }
}

TEST_CASE("scalar inverse and half undo multiplication") {
  const Integer& l = group_order();
  for (const Integer& a : operands()) {
    const Integer inverse = from_words(scalar::invert(to_words(a)));
    CHECK(modulo(inverse * a, l) == (a == 0 ? 0 : 1));
    CHECK(inverse < l);
    const Integer half = from_words(scalar::halve(to_words(a)));
    CHECK(modulo(2 * half, l) == a);
    CHECK(half < l);
    CHECK((scalar::above_half_mask(to_words(a)) == ~std::uint64_t{0}) == (2 * a > l));
    CHECK((scalar::above_half_mask(to_words(a)) == 0) == (2 * a < l));
  }
}

TEST_CASE("scalar reduction of 512 bits agrees with big integers") {
  test_support::DeterministicRandom random(21);
  std::vector<std::array<std::uint8_t, 64>> inputs(40);
  inputs[0].fill(0);
  inputs[1].fill(0xff);
  for (std::size_t i = 2; i < inputs.size(); ++i) {
    random.fill(inputs[i]);
  }
  for (unsigned i = 0; i < 16; ++i) {  // multiples of l and their neighbours, up to the largest below 2^512
    for (int offset = -1; offset <= 1; ++offset) {
      Integer value = (((Integer(1) << 512) - 2) / group_order() - i) * group_order() + offset;
      auto& input = inputs.emplace_back();
      for (std::uint8_t& byte : input) {
        byte = static_cast<std::uint8_t>(value & 255);
        value >>= 8;
      }
    }
  }
  for (const auto& input : inputs) {
    CHECK(from_words(scalar::reduce(input)) == modulo(from_little_endian(input), group_order()));
  }
}

TEST_CASE("scalar is canonical exactly below the order") {
  const Integer& l = group_order();
  for (const Integer& a : {Integer(0), Integer(1), Integer(l - 1)}) {
    CHECK(scalar::is_canonical(to_words(a)));
  }
  const Integer top = Integer(1) << 256;
  for (const Integer& a : {l, Integer(l + 1), Integer(2 * l), Integer(top - 1), Integer(Integer(1) << 253)}) {
    CHECK_FALSE(scalar::is_canonical(to_words(a)));
  }
}

TEST_CASE("recoded digits stay in range and stand for the scalar") {
  const Integer& l = group_order();
  for (const Integer& a : operands()) {
    group::WindowDigits window;
    group::FixedDigits fixed;
    group::recode(to_words(a), window);
    group::recode(to_words(a), fixed);
    Integer from_window = 0;
    for (std::size_t i = group::WindowDigits::kCount; i-- > 0;) {
      CHECK(std::abs(window.digit[i]) <= 8);
      from_window = from_window * 16 + window.digit[i];
    }
    CHECK(modulo(from_window, l) == a);
    Integer from_fixed = 0;
    for (std::size_t i = group::FixedDigits::kCount; i-- > 0;) {
      CHECK(std::abs(fixed.digit[i]) <= 16);
      from_fixed = from_fixed * 32 + fixed.digit[i];
    }
    CHECK(from_fixed == a);
  }
}
