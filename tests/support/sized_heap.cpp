#include "tests/support/sized_heap.h"

#include <cstdlib>
#include <cstring>
#include <new>

namespace {

/// Stands before every block, because operator delete is not always told the size; as large as the alignment
/// that operator new promises.
constexpr std::size_t kHeaderBytes = 16;
static_assert(kHeaderBytes >= __STDCPP_DEFAULT_NEW_ALIGNMENT__);

void free_block(void* block) noexcept {
  if (block == nullptr) {
    return;
  }
  auto* start = static_cast<unsigned char*>(block) - kHeaderBytes;
  std::size_t size = 0;
  std::memcpy(&size, start, sizeof size);
  blindbook::test_support::block_taken_back(block, size);
  std::free(start);
}

}  // namespace

void* operator new(std::size_t size) {
  auto* start = static_cast<unsigned char*>(std::malloc(size + kHeaderBytes));
  if (start == nullptr) {
    throw std::bad_alloc();
  }
  std::memcpy(start, &size, sizeof size);
  void* block = start + kHeaderBytes;
  blindbook::test_support::block_given(block, size);
  return block;
}
void* operator new[](std::size_t size) {
  return operator new(size);
}
void operator delete(void* block) noexcept {
  free_block(block);
}
void operator delete[](void* block) noexcept {
  free_block(block);
}
void operator delete(void* block, std::size_t /*size*/) noexcept {
  free_block(block);
}
void operator delete[](void* block, std::size_t /*size*/) noexcept {
  free_block(block);
}
