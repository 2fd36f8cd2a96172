#pragma once

#include <cstddef>

/// What the library takes, on one thread: medians of interleaved rounds, in CPU seconds.
namespace blindbook::bench {

/// A batch of the protocol at two sizes, so that a straight line goes through both.
struct BatchSeconds {
  static constexpr std::size_t kLarge = 1'024;
  static constexpr std::size_t kSmall = 16;
  double large = 0;
  double small = 0;

  /// Of the line: what a batch takes besides its elements, never below 0, and what an element does.
  /// @{
  [[nodiscard]] double batch() const;
  [[nodiscard]] double element() const;
  /// @}
};

struct Primitives {
  BatchSeconds blind;
  BatchSeconds finalize;
  BatchSeconds evaluate;
  double seal = 0;         ///< a label of 24 bytes
  double read_entry = 0;   ///< of a directory without labels
  double patch_entry = 0;  ///< applied to and read, without labels
  double star_entry = 0;   ///< for each patch
};

/// `rounds` at least 1, after one that is not counted.
[[nodiscard]] Primitives measure_primitives(std::size_t rounds);

}  // namespace blindbook::bench
