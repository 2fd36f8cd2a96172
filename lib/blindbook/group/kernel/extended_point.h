#pragma once

#include <cstdint>

namespace blindbook::group::kernel {

/// How kernels and their callers hand each other points of edwards25519: extended coordinates x = X/Z, y =
/// Y/Z, xy = T/Z with Z != 0, each five limbs of radix 2^51, least significant first, each limb < 2^51 +
/// 2^45. A value is one element of ristretto255: four (with the coset of 8-torsion, eight) points stand for
/// the same element.
struct ExtendedPoint {
  std::uint64_t x[5];
  std::uint64_t y[5];
  std::uint64_t z[5];
  std::uint64_t t[5];
};

}  // namespace blindbook::group::kernel
