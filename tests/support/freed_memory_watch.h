#pragma once

#include <cstddef>
#include <vector>

#include "blindbook/base/bytes.h"

namespace blindbook::test_support {

/// While one lives, every block of the heap that is freed through operator delete is searched for the needles
/// just before it goes: a needle found there is a secret that was not wiped. By the operators of
/// sized_heap.cpp, which has to be linked as well. One watch at a time, one thread.
class FreedMemoryWatch {
 public:
  /// Each needle at least 8 bytes long, so that chance does not find it.
  explicit FreedMemoryWatch(std::vector<Bytes> needles);
  ~FreedMemoryWatch();
  FreedMemoryWatch(const FreedMemoryWatch&) = delete;
  FreedMemoryWatch& operator=(const FreedMemoryWatch&) = delete;

  /// Index of every needle that was found so far, ascending.
  [[nodiscard]] std::vector<std::size_t> found() const;
  /// How many blocks were searched so far.
  [[nodiscard]] std::size_t blocks_searched() const noexcept { return blocks_searched_; }

  /// Called by operator delete.
  void search(ByteView block) noexcept;

 private:
  std::vector<Bytes> needles_;
  std::vector<bool> found_;
  std::size_t blocks_searched_ = 0;
};

}  // namespace blindbook::test_support
