#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

#include "blindbook/base/constant_time.h"

namespace blindbook::oprf {

/// A fixed number of values that give an input away, such as its group element: wiped on destruction, not
/// copyable.
template <class T>
class SecretArray {
  static_assert(std::is_trivially_copyable_v<T>, "the bytes of T are all there is to wipe");

 public:
  explicit SecretArray(std::size_t size) : values_(size) {}
  ~SecretArray() { wipe({reinterpret_cast<std::uint8_t*>(values_.data()), values_.size() * sizeof(T)}); }
  SecretArray(const SecretArray&) = delete;
  SecretArray& operator=(const SecretArray&) = delete;

  [[nodiscard]] std::span<T> expose_mutable() noexcept { return values_; }
  [[nodiscard]] std::span<const T> expose() const noexcept { return values_; }

 private:
  std::vector<T> values_;
};

}  // namespace blindbook::oprf
