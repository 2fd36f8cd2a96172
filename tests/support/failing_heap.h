#pragma once

#include <cstddef>

/// Linking failing_heap.cpp replaces the global operators new and delete of the whole program, its shared libraries
/// included, by ones that can fail. Such tests are programs of their own, and left out of sanitizer builds, which bring
/// their own operators. For one thread.
namespace blindbook::test_support {

struct FailingHeap {
  bool counting = false;
  bool counting_openssl = false;  ///< those of libcrypto, which has a heap of its own
  std::size_t allocations = 0;    ///< made while counting
  std::size_t failing = 0;        ///< which of them fails, from 1; 0 for none
};

extern FailingHeap failing_heap;

}  // namespace blindbook::test_support
