#pragma once

#include "blindbook/base/bytes.h"

namespace blindbook {

/// Where randomness comes from: always an argument, so that a caller can see what is random. A deterministic
/// source exists under tests/ only.
class RandomSource {
 public:
  RandomSource() = default;
  RandomSource(const RandomSource&) = delete;
  RandomSource& operator=(const RandomSource&) = delete;
  virtual ~RandomSource() = default;

  /// Fills `out` with uniformly random bytes, fit for keys. Throws std::runtime_error when the system has
  /// none to give: there is no safe way to go on, and no peer can cause it.
  virtual void fill(MutableBytes out) = 0;
};

/// OpenSSL's private DRBG, seeded by the operating system. Safe from several threads.
class SystemRandom final : public RandomSource {
 public:
  void fill(MutableBytes out) override;
};

/// Uniform in [0, bound), without bias. `bound` > 0.
[[nodiscard]] std::uint64_t uniform_below(RandomSource& random, std::uint64_t bound);

}  // namespace blindbook
