#include "blindbook/group/scalar_arithmetic.h"

#include <cstddef>

namespace blindbook::group::scalar {
namespace {

__extension__ typedef unsigned __int128 Wide;

constexpr ScalarWords kMontgomeryOne = {0xd6ec31748d98951dU, 0xc6ef5bf4737dcf70U, 0xfffffffffffffffeU,
                                        0x0fffffffffffffffU};  // 2^256 mod l
constexpr ScalarWords kMontgomerySquare = {0xa40611e3449c0f01U, 0xd00e1ba768859347U, 0xceec73d217f5be65U,
                                           0x0399411b7c309a3dU};  // 2^512 mod l
constexpr std::uint64_t kMinusInverse = 0xd2b51da312547e1bU;      // -1/l mod 2^64
constexpr ScalarWords kOne = {1, 0, 0, 0};

/// a - b; the borrow is all ones when a < b.
struct Difference {
  ScalarWords value;
  std::uint64_t borrow;
};
Difference difference(const ScalarWords& a, const ScalarWords& b) noexcept {
  Difference out{};
  Wide borrow = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const Wide d = static_cast<Wide>(a[i]) - b[i] - borrow;
    out.value[i] = static_cast<std::uint64_t>(d);
    borrow = static_cast<std::uint64_t>(d >> 64) & 1;
  }
  out.borrow = std::uint64_t{0} - static_cast<std::uint64_t>(borrow);
  __asm__("" : "+r"(out.borrow));  // the optimiser shall not see a truth value and branch on it
  return out;
}

/// a + (b and mask), dropping the carry out of 2^256.
ScalarWords add_masked(const ScalarWords& a, const ScalarWords& b, std::uint64_t mask) noexcept {
  ScalarWords sum{};
  Wide carry = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    carry += static_cast<Wide>(a[i]) + (b[i] & mask);
    sum[i] = static_cast<std::uint64_t>(carry);
    carry >>= 64;
  }
  return sum;
}

/// a modulo l for a < 2l.
ScalarWords reduce_once(const ScalarWords& a) noexcept {
  const Difference d = difference(a, kOrder);
  return add_masked(d.value, kOrder, d.borrow);
}

/// a * b / 2^256 modulo l, for any a < 2^256 and b < l. Word by word: t < b + l < 2^254 after each round, and
/// the result is < (a b + 2^256 l) / 2^256 < 2l before the last subtraction.
ScalarWords montgomery(const ScalarWords& a, const ScalarWords& b) noexcept {
  std::uint64_t t[5] = {};
  for (std::size_t i = 0; i < 4; ++i) {
    std::uint64_t carry = 0;
    for (std::size_t j = 0; j < 4; ++j) {
      const Wide sum = static_cast<Wide>(a[i]) * b[j] + t[j] + carry;
      t[j] = static_cast<std::uint64_t>(sum);
      carry = static_cast<std::uint64_t>(sum >> 64);
    }
    const Wide top = static_cast<Wide>(t[4]) + carry;
    const std::uint64_t m = t[0] * kMinusInverse;
    Wide sum = static_cast<Wide>(m) * kOrder[0] + t[0];
    carry = static_cast<std::uint64_t>(sum >> 64);
    for (std::size_t j = 1; j < 4; ++j) {
      sum = static_cast<Wide>(m) * kOrder[j] + t[j] + carry;
      t[j - 1] = static_cast<std::uint64_t>(sum);
      carry = static_cast<std::uint64_t>(sum >> 64);
    }
    sum = top + carry;
    t[3] = static_cast<std::uint64_t>(sum);
    t[4] = static_cast<std::uint64_t>(sum >> 64);
  }
  return reduce_once({t[0], t[1], t[2], t[3]});
}

}  // namespace

ScalarWords add(const ScalarWords& a, const ScalarWords& b) noexcept {
  return reduce_once(add_masked(a, b, ~std::uint64_t{0}));  // a + b < 2l < 2^254
}

ScalarWords subtract(const ScalarWords& a, const ScalarWords& b) noexcept {
  const Difference d = difference(a, b);
  return add_masked(d.value, kOrder, d.borrow);
}

ScalarWords multiply(const ScalarWords& a, const ScalarWords& b) noexcept {
  return montgomery(montgomery(a, kMontgomerySquare), b);
}

ScalarWords invert(const ScalarWords& a) noexcept {
  const ScalarWords exponent = difference(kOrder, {2, 0, 0, 0}).value;  // public, so it may steer
  const ScalarWords base = montgomery(a, kMontgomerySquare);
  ScalarWords power = kMontgomeryOne;
  for (std::size_t bit = 253; bit-- > 0;) {
    power = montgomery(power, power);
    if ((exponent[bit / 64] >> (bit % 64) & 1) != 0) {
      power = montgomery(power, base);
    }
  }
  return montgomery(power, kOne);
}

ScalarWords halve(const ScalarWords& a) noexcept {
  std::uint64_t odd = std::uint64_t{0} - (a[0] & 1);
  __asm__("" : "+r"(odd));
  const ScalarWords even = add_masked(a, kOrder, odd);  // < 2l < 2^254
  return {even[0] >> 1 | even[1] << 63, even[1] >> 1 | even[2] << 63, even[2] >> 1 | even[3] << 63,
          even[3] >> 1};
}

ScalarWords reduce(std::span<const std::uint8_t, 64> bytes) noexcept {
  const ScalarWords low = montgomery(load(bytes.first<32>()), kMontgomeryOne);
  const ScalarWords high = montgomery(load(bytes.last<32>()), kMontgomerySquare);
  return add(low, high);
}

ScalarWords load(std::span<const std::uint8_t, 32> bytes) noexcept {
  ScalarWords words{};
  for (std::size_t i = 0; i < 32; ++i) {
    words[i / 8] |= static_cast<std::uint64_t>(bytes[i]) << (i % 8 * 8);
  }
  return words;
}

void store(const ScalarWords& a, std::span<std::uint8_t, 32> out) noexcept {
  for (std::size_t i = 0; i < 32; ++i) {
    out[i] = static_cast<std::uint8_t>(a[i / 8] >> (i % 8 * 8));
  }
}

bool is_canonical(const ScalarWords& a) noexcept {
  return difference(a, kOrder).borrow != 0;
}

bool is_zero(const ScalarWords& a) noexcept {
  return (a[0] | a[1] | a[2] | a[3]) == 0;
}

std::uint64_t above_half_mask(const ScalarWords& a) noexcept {
  return difference(difference(kOrder, a).value, a).borrow;
}

}  // namespace blindbook::group::scalar
