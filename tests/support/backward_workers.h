#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>

#include "blindbook/base/workers.h"

namespace blindbook::test_support {

/// As many workers as a test wants; they do the last part first.
class BackwardWorkers final : public Workers {
 public:
  explicit BackwardWorkers(std::size_t available) : available_(available) {}
  [[nodiscard]] std::size_t available() const override { return available_; }
  void share(std::size_t parts, const std::function<void(std::size_t part)>& body) override {
    most_parts_ = std::max(most_parts_, parts);
    for (std::size_t part = parts; part > 0; --part) {
      body(part - 1);
    }
  }
  /// Into how many parts work was cut, at most.
  [[nodiscard]] std::size_t most_parts() const { return most_parts_; }

 private:
  std::size_t available_;
  std::size_t most_parts_ = 0;
};

}  // namespace blindbook::test_support
