#include "blindbook/service/rate_limit.h"

#include <algorithm>
#include <utility>

#include "blindbook/service/account_name.h"

namespace blindbook::service {

RateLimit::RateLimit(std::uint32_t requests, std::uint32_t window_seconds)
    : requests_(requests), window_(window_seconds) {}

std::uint64_t RateLimit::admit(std::string_view issuer, std::string_view account, std::uint64_t now) {
  std::string key = account_name(issuer, account);

  const std::scoped_lock lock(mutex_);
  latest_ = std::max(latest_, now);  // two threads may come in another order than their clocks
  if (latest_ >= swept_ + window_) {
    forget_before(latest_ - std::min<std::uint64_t>(latest_, window_));
    swept_ = latest_;
  }
  std::vector<std::uint64_t>& times = times_[std::move(key)];
  std::erase_if(times, [this](std::uint64_t time) { return time + window_ <= latest_; });
  if (times.size() >= requests_) {
    return times.front() + window_ - latest_;
  }
  times.push_back(latest_);
  return 0;
}

std::size_t RateLimit::accounts() const {
  const std::scoped_lock lock(mutex_);
  return times_.size();
}

void RateLimit::forget_before(std::uint64_t cutoff) {
  std::erase_if(
      times_, [cutoff](const auto& entry) { return entry.second.empty() || entry.second.back() <= cutoff; });
}

}  // namespace blindbook::service
