#include "blindbook/base/workers.h"

#include <algorithm>

namespace blindbook {
namespace {

class CallingThread final : public Workers {
 public:
  [[nodiscard]] std::size_t available() const override { return 1; }
  void share(std::size_t parts, const std::function<void(std::size_t part)>& body) override {
    for (std::size_t part = 0; part < parts; ++part) {
      body(part);
    }
  }
};

}  // namespace

Workers& calling_thread() noexcept {
  static CallingThread thread;
  return thread;
}

Parts::Parts(std::size_t count, std::size_t least, const Workers& workers)
    : count_(count),
      parts_(std::clamp<std::size_t>(workers.available(), 1, std::max<std::size_t>(count / least, 1))) {}

}  // namespace blindbook
