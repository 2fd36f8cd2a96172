#pragma once

#include <algorithm>
#include <cstddef>
#include <ctime>
#include <stdexcept>
#include <vector>

#include "tests/bench/served_operator.h"

namespace blindbook::bench {

/// CPU seconds of this thread for one call of `work`.
template <class Work>
[[nodiscard]] double thread_seconds(Work work) {
  const double before = seconds_of(CLOCK_THREAD_CPUTIME_ID);
  work();
  return seconds_of(CLOCK_THREAD_CPUTIME_ID) - before;
}

/// What one thing took, round by round.
class Samples {
 public:
  void add(double seconds) { seconds_.push_back(seconds); }
  [[nodiscard]] double median() const {
    if (seconds_.empty()) {
      throw std::runtime_error("nothing was measured");
    }
    std::vector<double> sorted = seconds_;
    std::sort(sorted.begin(), sorted.end());
    return sorted[sorted.size() / 2];
  }

 private:
  std::vector<double> seconds_;
};

}  // namespace blindbook::bench
