#include "blindbook/service/ceiling.h"

#include <algorithm>
#include <array>

namespace blindbook::service {

std::uint64_t daily_ceiling(std::uint64_t floor, std::span<const std::uint64_t> totals) {
  if (totals.size() < kCeilingDays) {
    return floor;
  }
  std::array<std::uint64_t, kCeilingDays> sorted{};
  std::copy_n(totals.begin(), kCeilingDays, sorted.begin());
  std::sort(sorted.begin(), sorted.end());
  const std::uint64_t median = (sorted[kCeilingDays / 2 - 1] + sorted[kCeilingDays / 2]) / 2;
  return std::max(floor, 3 * median);
}

}  // namespace blindbook::service
