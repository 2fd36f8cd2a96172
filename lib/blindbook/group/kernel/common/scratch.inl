#pragma once

#include <cstddef>
#include <cstdint>

#include "blindbook/group/kernel/wipe.h"

namespace blindbook::group::kernel::BLINDBOOK_KERNEL {

/// `count` items on the heap, wiped before they are freed. T needs no constructor and no destructor.
template <class T>
class Scratch {
 public:
  explicit Scratch(std::size_t count) : items_(new T[count]), count_(count) {}
  ~Scratch() {
    wipe_memory(items_, count_ * sizeof(T));
    delete[] items_;
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  T& operator[](std::size_t i) { return items_[i]; }

 private:
  T* items_;
  std::size_t count_;
};

/// Overwrites one value that held a secret.
template <class T>
inline void wipe_value(T& value) {
  wipe_memory(&value, sizeof value);
}

}  // namespace blindbook::group::kernel::BLINDBOOK_KERNEL
