#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace blindbook::service {

/// How often each account may ask, in memory of this process: at most `requests` in any `window_seconds`
/// (PROTOCOL section 4: 60 an hour, free and refused requests included). Requests that this limit itself
/// refuses are not recorded, so memory stays below `requests` times per account seen within the window.
/// Thread-safe.
class RateLimit {
 public:
  RateLimit(std::uint32_t requests, std::uint32_t window_seconds);

  /// Records a request of (issuer, account) at `now`, in seconds of a clock that never goes back and that
  /// nobody can set: a wall clock that jumped would lock accounts out. 0 when it may go on, else the seconds
  /// until one may.
  [[nodiscard]] std::uint64_t admit(std::string_view issuer, std::string_view account, std::uint64_t now);

  /// Accounts remembered at present.
  [[nodiscard]] std::size_t accounts() const;

 private:
  void forget_before(std::uint64_t cutoff);

  const std::uint32_t requests_;
  const std::uint32_t window_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::vector<std::uint64_t>> times_;  // oldest first
  std::uint64_t latest_ = 0;
  std::uint64_t swept_ = 0;
};

}  // namespace blindbook::service
