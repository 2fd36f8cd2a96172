#include "blindbook/base/random.h"

#include <algorithm>
#include <array>
#include <limits>
#include <stdexcept>

#include <openssl/rand.h>

namespace blindbook {

void SystemRandom::fill(MutableBytes out) {
  while (!out.empty()) {
    const std::size_t size = std::min<std::size_t>(out.size(), std::numeric_limits<int>::max());
    if (RAND_priv_bytes(out.data(), static_cast<int>(size)) != 1) {
      throw std::runtime_error("the system's random source failed");
    }
    out = out.subspan(size);
  }
}

std::uint64_t uniform_below(RandomSource& random, std::uint64_t bound) {
  // Draws above the largest multiple of bound are thrown away: what is left is uniform modulo bound.
  const std::uint64_t limit = std::numeric_limits<std::uint64_t>::max() / bound * bound;
  for (;;) {
    std::array<std::uint8_t, 8> raw{};
    random.fill(raw);
    const std::uint64_t value = ByteReader(raw).u64();
    if (value < limit) {
      return value % bound;
    }
  }
}

}  // namespace blindbook
