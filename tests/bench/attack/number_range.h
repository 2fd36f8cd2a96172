#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

/// The numbers that an attacker tries: invented ones, as everywhere here.
namespace blindbook::bench {

/// 1,000 numbers that the Bundesnetzagentur keeps for fiction, 030 23125 000 to 999, and behind them as many as are asked
/// for below +49 14, which is assigned to nobody: a country's worth of numbers for measuring, and nobody's.
class NumberRange {
 public:
  static constexpr std::uint64_t kFictional = 1'000;
  static constexpr std::uint64_t kMost = kFictional + 100'000'000;

  /// Of `size` numbers, at most kMost. Throws std::invalid_argument.
  explicit NumberRange(std::uint64_t size);

  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }

  /// The identifier of number `index` < size(), "tel:+49..".
  [[nodiscard]] std::string at(std::uint64_t index) const;

  /// Calls `visit` with every identifier in order; the view is good for the call.
  void for_each(const std::function<void(std::string_view identifier)>& visit) const;

 private:
  std::uint64_t size_;
};

}  // namespace blindbook::bench
