#pragma once

#include <cstddef>

namespace blindbook::test_support {

/// While one lives, counts what operator new gives to the whole program, by the operators of sized_heap.cpp,
/// which has to be linked as well. One at a time, one thread.
class AllocationCount {
 public:
  AllocationCount();
  ~AllocationCount();
  AllocationCount(const AllocationCount&) = delete;
  AllocationCount& operator=(const AllocationCount&) = delete;

  /// Bytes given since the construction, those given back included.
  [[nodiscard]] std::size_t total() const noexcept { return total_; }
  /// Bytes of these that were held at one time, at most.
  [[nodiscard]] std::size_t peak() const noexcept { return peak_; }

  /// Called by the operators.
  void gave(std::size_t size) noexcept;
  void took_back(std::size_t size) noexcept;

 private:
  std::size_t total_ = 0;
  std::size_t held_ = 0;
  std::size_t peak_ = 0;
};

}  // namespace blindbook::test_support
