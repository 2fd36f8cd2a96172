#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace blindbook::service {

/// A value that is used by many threads and replaced as a whole. Thread-safe.
template <class T>
class Replaceable {
 public:
  explicit Replaceable(T value) : value_(std::make_shared<const T>(std::move(value))) {}

  /// The present one, which stays as it is for who holds it. Never null.
  [[nodiscard]] std::shared_ptr<const T> get() const {
    const std::scoped_lock lock(mutex_);
    return value_;
  }
  void replace(T value) {
    auto made = std::make_shared<const T>(std::move(value));
    const std::scoped_lock lock(mutex_);
    value_.swap(made);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const T> value_;
};

}  // namespace blindbook::service
