#pragma once

#include <cstdint>

// Constants of RFC 9496 section 4.1 and of edwards25519 (RFC 7748 section 4.1), in limbs of radix 2^51.
namespace blindbook::group::kernel::BLINDBOOK_KERNEL {

inline constexpr std::uint64_t kZeroLimbs[5] = {};
inline constexpr std::uint64_t kOneLimbs[5] = {1, 0, 0, 0, 0};
inline constexpr std::uint64_t kTwoLimbs[5] = {2, 0, 0, 0, 0};
/// The curve's d = -121665/121666.
inline constexpr std::uint64_t kDLimbs[5] = {0x34dca135978a3U, 0x1a8283b156ebdU, 0x5e7a26001c029U,
                                             0x739c663a03cbbU, 0x52036cee2b6ffU};
inline constexpr std::uint64_t kTwiceDLimbs[5] = {0x69b9426b2f159U, 0x35050762add7aU, 0x3cf44c0038052U,
                                                  0x6738cc7407977U, 0x2406d9dc56dffU};
/// SQRT_M1, the even square root of -1.
inline constexpr std::uint64_t kSqrtM1Limbs[5] = {0x61b274a0ea0b0U, 0x0d5a5fc8f189dU, 0x7ef5e9cbd0c60U,
                                                  0x78595a6804c9eU, 0x2b8324804fc1dU};
/// INVSQRT_A_MINUS_D = 1/sqrt(-1 - d).
inline constexpr std::uint64_t kInvSqrtAMinusDLimbs[5] = {
    0x0fdaa805d40eaU, 0x2eb482e57d339U, 0x007610274bc58U, 0x6510b613dc8ffU, 0x786c8905cfaffU};
/// SQRT_AD_MINUS_ONE = sqrt(-d - 1).
inline constexpr std::uint64_t kSqrtAdMinusOneLimbs[5] = {
    0x7f6a0497b2e1bU, 0x1836f0a97afd2U, 0x7d747f6be7638U, 0x456079e7e6498U, 0x376931bf2b834U};
/// ONE_MINUS_D_SQ = 1 - d^2.
inline constexpr std::uint64_t kOneMinusDSquaredLimbs[5] = {
    0x409c1945fc176U, 0x719abc6a1fc4fU, 0x1c37f90b20684U, 0x06bccca55eedfU, 0x29072a8b2b3eU};
/// D_MINUS_ONE_SQ = (d - 1)^2.
inline constexpr std::uint64_t kDMinusOneSquaredLimbs[5] = {
    0x55aaa44ed4d20U, 0x59603c3332635U, 0x26d3baf4a7928U, 0x120a66e6997a9U, 0x5968b37af66c2U};

BLINDBOOK_INLINE Field constant(const std::uint64_t (&limbs)[5]) {
  Field out;
  broadcast(out, limbs);
  return out;
}
BLINDBOOK_INLINE Field zero() {
  return constant(kZeroLimbs);
}
BLINDBOOK_INLINE Field one() {
  return constant(kOneLimbs);
}

}  // namespace blindbook::group::kernel::BLINDBOOK_KERNEL
