#pragma once

#include <cstddef>
#include <cstdint>
#include <random>

#include "blindbook/base/random.h"

namespace blindbook::test_support {

/// A RandomSource that gives the same bytes for the same seed on every machine (std::mt19937_64, least
/// significant byte first), so that a failing test can be repeated. One stream: how it is cut into fill()
/// calls does not change it. Not for several threads. Never linked into the product.
class DeterministicRandom final : public RandomSource {
 public:
  explicit DeterministicRandom(std::uint64_t seed) : engine_(seed) {}

  void fill(MutableBytes out) override {
    for (std::uint8_t& byte : out) {
      if (left_ == 0) {
        word_ = engine_();
        left_ = sizeof word_;
      }
      byte = static_cast<std::uint8_t>(word_);
      word_ >>= 8;
      --left_;
    }
    drawn_ += out.size();
  }

  /// `size` bytes of the stream.
  [[nodiscard]] Bytes bytes(std::size_t size) {
    Bytes out(size);
    fill(out);
    return out;
  }

  /// Uniform in [0, bound), `bound` > 0.
  [[nodiscard]] std::uint64_t below(std::uint64_t bound) { return uniform_below(*this, bound); }

  /// How many bytes were drawn so far.
  [[nodiscard]] std::size_t drawn() const noexcept { return drawn_; }

 private:
  std::mt19937_64 engine_;
  std::uint64_t word_ = 0;
  std::size_t left_ = 0;
  std::size_t drawn_ = 0;
};

}  // namespace blindbook::test_support
