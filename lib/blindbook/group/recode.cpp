#include "blindbook/group/recode.h"

#include "blindbook/base/constant_time.h"
#include "blindbook/group/scalar_arithmetic.h"

namespace blindbook::group {
namespace {

/// The `Bits` bits of k from bit `at` on; bits above 255 are zero. Positions are public.
template <unsigned Bits>
int bits_at(const ScalarWords& k, std::size_t at) noexcept {
  const std::size_t word = at / 64;
  const std::size_t shift = at % 64;
  std::uint64_t value = k[word] >> shift;
  if (shift + Bits > 64 && word + 1 < k.size()) {
    value |= k[word + 1] << (64 - shift);
  }
  return static_cast<int>(value & ((1U << Bits) - 1));
}

/// Digits in [-2^(Bits-1), 2^(Bits-1) - 1], except that the last takes its carry: k < 2^(Bits * N - 1), or k has
/// 2^(Bits-1) as its last digit and no carry comes to it, as (l - 1) / 2 in windows of four bits.
template <unsigned Bits, std::size_t N>
void signed_digits(const ScalarWords& k, std::int8_t (&out)[N]) noexcept {
  constexpr int kHalf = 1 << (Bits - 1);
  int carry = 0;
  for (std::size_t i = 0; i + 1 < N; ++i) {
    const int digit = bits_at<Bits>(k, i * Bits) + carry;
    carry = (digit + kHalf) >> Bits;
    out[i] = static_cast<std::int8_t>(digit - carry * (1 << Bits));
  }
  out[N - 1] = static_cast<std::int8_t>(bits_at<Bits>(k, (N - 1) * Bits) + carry);
}

}  // namespace

void recode(const ScalarWords& k, WindowDigits& out) noexcept {
  const std::uint64_t mask = scalar::above_half_mask(k);
  ScalarWords negated = scalar::subtract({}, k);
  ScalarWords magnitude{};
  for (std::size_t i = 0; i < magnitude.size(); ++i) {
    magnitude[i] = k[i] ^ (mask & (k[i] ^ negated[i]));
  }
  signed_digits<4>(magnitude, out.digit);
  const int sign = static_cast<int>(mask & 1);  // digit xor -sign, plus sign: negates when sign is 1
  for (std::int8_t& digit : out.digit) {
    digit = static_cast<std::int8_t>((digit ^ -sign) + sign);
  }
  wipe({reinterpret_cast<std::uint8_t*>(negated.data()), sizeof negated});
  wipe({reinterpret_cast<std::uint8_t*>(magnitude.data()), sizeof magnitude});
}

void recode(const ScalarWords& k, FixedDigits& out) noexcept {
  signed_digits<5>(k, out.digit);
}

}  // namespace blindbook::group
