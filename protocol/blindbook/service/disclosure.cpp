#include "blindbook/service/disclosure.h"

#include <numeric>

namespace blindbook::service {

std::uint64_t Disclosure::bytes_sent() const noexcept {
  return std::accumulate(requests.begin(), requests.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const auto& request) { return sum + request.bytes_sent(); });
}

std::uint64_t Disclosure::bytes_received() const noexcept {
  return std::accumulate(
      requests.begin(), requests.end(), std::uint64_t{0},
      [](std::uint64_t sum, const auto& request) { return sum + request.bytes_received(); });
}

}  // namespace blindbook::service
