#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

/// The field arithmetic of a kernel in loops long enough to be timed.
namespace blindbook::bench {

struct FieldLoops {
  std::string_view name;
  std::size_t lanes;
  /// `steps` products, or squares, in each of kChains chains side by side, in every lane. `words`, up to
  /// kMostWords of them, are the factor, limbs below 2^24; then they hold a sum of the results, so that no work
  /// can be left out.
  void (*multiply)(std::size_t steps, std::uint64_t* words);
  void (*square)(std::size_t steps, std::uint64_t* words);
};

/// A doubling has four products that do not wait for each other.
inline constexpr std::size_t kChains = 4;
/// The most limbs that a kernel has, times the most lanes.
inline constexpr std::size_t kMostWords = std::size_t{10} * 8;

}  // namespace blindbook::bench
