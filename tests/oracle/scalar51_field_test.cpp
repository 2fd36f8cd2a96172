// The machine part of the one-lane kernel at the edges of its contract, which random points never reach.
#include <catch2/catch.hpp>

#include "blindbook/group/kernel/scalar51/field.h"
#include "blindbook/group/kernel/scalar51/memory.h"

#include "tests/oracle/kernels.h"

using namespace blindbook;
using namespace blindbook::oracle;
namespace f = blindbook::group::kernel::scalar51;

namespace {

constexpr std::uint64_t kReducedLimit = (std::uint64_t{1} << 51) + (std::uint64_t{1} << 13);
constexpr std::uint64_t kLooseLimit = std::uint64_t{1} << 54;

/// Elements whose limbs are each 0, 1, or the largest that `limit` allows, in all 3^5 patterns, and random
/// ones.
std::vector<f::Field> elements(std::uint64_t limit) {
  std::vector<f::Field> out;
  const std::uint64_t limbs[3] = {0, 1, limit - 1};
  for (unsigned pattern = 0; pattern < 243; ++pattern) {
    out.push_back({limbs[pattern % 3], limbs[pattern / 3 % 3], limbs[pattern / 9 % 3],
                   limbs[pattern / 27 % 3], limbs[pattern / 81]});
  }
  test_support::DeterministicRandom random(30);
  for (int i = 0; i < 20; ++i) {
    out.push_back({uniform_below(random, limit), uniform_below(random, limit), uniform_below(random, limit),
                   uniform_below(random, limit), uniform_below(random, limit)});
  }
  return out;
}

Integer value(const f::Field& a) {
  const std::uint64_t limbs[5] = {a.v0, a.v1, a.v2, a.v3, a.v4};
  return from_limbs(limbs);
}

bool is_reduced(const f::Field& a) {
  return std::max({a.v0, a.v1, a.v2, a.v3, a.v4}) < kReducedLimit;
}

bool same(const f::Field& a, const Integer& expected) {
  return modulo(value(a) - expected, field_prime()) == 0;
}

}  // namespace

TEST_CASE("scalar51 products and squares of loose values are reduced and right") {
  const auto loose = elements(kLooseLimit);
  bool right = true;
  bool reduced = true;
  for (const auto& a : loose) {
    const f::Field square = f::square(a);
    right = right && same(square, value(a) * value(a));
    reduced = reduced && is_reduced(square);
    for (std::size_t j = 0; j < loose.size(); j += 5) {
      const f::Field product = f::multiply(a, loose[j]);
      right = right && same(product, value(a) * value(loose[j]));
      reduced = reduced && is_reduced(product);
    }
  }
  CHECK(right);
  CHECK(reduced);
}

TEST_CASE("scalar51 carry and canonical keep the value of a loose element") {
  for (const auto& a : elements(kLooseLimit)) {
    const f::Field carried = f::carry(a);
    CHECK(same(carried, value(a)));
    CHECK(is_reduced(carried));
    CHECK(value(f::canonical(a)) == modulo(value(a), field_prime()));
    CHECK((f::is_negative(a) != 0) == ((modulo(value(a), field_prime()) & 1) != 0));
    CHECK((f::is_zero(a) != 0) == (modulo(value(a), field_prime()) == 0));
  }
}

TEST_CASE("scalar51 canonical is right around multiples of p") {
  for (unsigned multiple = 0; multiple <= 4; ++multiple) {
    for (int offset = -20; offset <= 20; ++offset) {
      const Integer wanted = Integer(multiple) * field_prime() + offset;
      if (wanted < 0) {
        continue;
      }
      std::uint64_t limbs[5];
      to_limbs(wanted, limbs);
      limbs[4] = static_cast<std::uint64_t>(wanted >> 204);  // loose: the top limb takes the rest
      const f::Field a = {limbs[0], limbs[1], limbs[2], limbs[3], limbs[4]};
      CHECK(value(f::canonical(a)) == modulo(wanted, field_prime()));
      CHECK((f::is_zero(a) != 0) == (offset == 0));
    }
  }
}

TEST_CASE("scalar51 differences do not underflow at the largest subtrahend") {
  const f::Field zero = {0, 0, 0, 0, 0};
  for (const auto& b : elements(kReducedLimit)) {
    CHECK(same(f::subtract<2>(zero, b), -value(b)));
    CHECK(same(f::negate(b), -value(b)));
    const f::Field two = f::add(b, b);
    CHECK(same(f::subtract<4>(zero, two), -2 * value(b)));
    CHECK(same(f::subtract<4>(zero, f::add(two, b)), -3 * value(b)));
    CHECK(same(f::subtract<4>(zero, f::negate(b)), value(b)));
  }
}

TEST_CASE("scalar51 select takes one side whole") {
  const f::Field a = {1, 2, 3, 4, 5};
  const f::Field b = {6, 7, 8, 9, 10};
  CHECK(value(f::select(~f::Mask{0}, a, b)) == value(a));
  CHECK(value(f::select(f::Mask{0}, a, b)) == value(b));
}

TEST_CASE("scalar51 bytes come back canonical") {
  for (const auto& a : elements(kLooseLimit)) {
    std::uint8_t bytes[32];
    f::store_bytes(a, bytes, 32, 1);
    CHECK(from_little_endian(bytes) == modulo(value(a), field_prime()));
    f::Field again;
    f::load_bytes(again, bytes, 32, 1);
    CHECK(value(again) == from_little_endian(bytes));
    CHECK(f::are_canonical(bytes, 32, 1) != 0);
    bytes[31] |= 0x80;
    CHECK(f::are_canonical(bytes, 32, 1) == 0);
    f::load_bytes(again, bytes, 32, 1);
    CHECK(same(again, value(a)));
  }
}

TEST_CASE("scalar51 look up gives the row of the magnitude and zero for none") {
  f::Field table[8][3];
  std::uint64_t word = 1;
  for (auto& row : table) {
    for (f::Field& field : row) {
      field = {word, word + 1, word + 2, word + 3, word + 4};
      word += 5;
    }
  }
  for (int digit = -8; digit <= 8; ++digit) {
    const auto raw = static_cast<std::int8_t>(digit);
    const f::Digit loaded = f::load_digit(&raw, 0, 1);
    CHECK(loaded.magnitude == static_cast<std::uint64_t>(std::abs(digit)));
    CHECK((loaded.negative != 0) == (digit < 0));
    f::Field out[3];
    f::look_up<8>(out, table, loaded);
    for (std::size_t i = 0; i < 3; ++i) {
      CHECK(value(out[i]) == (digit == 0 ? Integer(0) : value(table[std::abs(digit) - 1][i])));
    }
    CHECK(value(f::if_zero(loaded, 2)) == (digit == 0 ? 2 : 0));
  }
}
