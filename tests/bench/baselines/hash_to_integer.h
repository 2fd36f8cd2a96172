#pragma once

#include <cstddef>

#include "blindbook/base/bytes.h"
#include "blindbook/base/random.h"
#include "blindbook/hash/expand_message.h"

/// Numbers modulo an n of `Modulus::bytes()` bytes, so that a bias of at most 2^-128 is left (RFC 9380 section 5.1).
namespace blindbook::bench {

inline constexpr std::size_t kExtraBytes = 16;

/// The hash of `input` in the ring of integers modulo n, a random oracle of its own for each `dst`.
template <class Modulus>
[[nodiscard]] auto hash_to_integer(const Modulus& modulus, ByteView input, ByteView dst) {
  Bytes uniform(modulus.bytes() + kExtraBytes);
  hash::expand_message_xmd(hash::HashId::kSha256, {input}, dst, uniform);
  return modulus.reduce(uniform);
}

/// A uniform number modulo n. Zero, and what has a factor in common with n, do not come.
template <class Modulus>
[[nodiscard]] auto random_integer(const Modulus& modulus, RandomSource& random) {
  Bytes uniform(modulus.bytes() + kExtraBytes);
  random.fill(uniform);
  return modulus.reduce(uniform);
}

}  // namespace blindbook::bench
