#include "tests/support/failing_heap.h"

#include <cstdlib>
#include <new>

namespace blindbook::test_support {

FailingHeap failing_heap;

}  // namespace blindbook::test_support

namespace {

void* allocate(std::size_t size) {
  auto& heap = blindbook::test_support::failing_heap;
  if (heap.counting && ++heap.allocations == heap.failing) {
    return nullptr;
  }
  return std::malloc(size == 0 ? 1 : size);
}

}  // namespace

void* operator new(std::size_t size) {
  if (void* const block = allocate(size)) {
    return block;
  }
  throw std::bad_alloc();
}
void* operator new(std::size_t size, const std::nothrow_t& /*tag*/) noexcept {
  return allocate(size);
}
void operator delete(void* block) noexcept {
  std::free(block);
}
void operator delete(void* block, std::size_t /*size*/) noexcept {
  std::free(block);
}
