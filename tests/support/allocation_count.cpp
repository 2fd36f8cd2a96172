#include "tests/support/allocation_count.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>
#include <stdexcept>

namespace {

blindbook::test_support::AllocationCount* active_count = nullptr;

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
  if (active_count != nullptr) {
    active_count->took_back(size);
  }
  std::free(start);
}

}  // namespace

void* operator new(std::size_t size) {
  auto* start = static_cast<unsigned char*>(std::malloc(size + kHeaderBytes));
  if (start == nullptr) {
    throw std::bad_alloc();
  }
  std::memcpy(start, &size, sizeof size);
  if (active_count != nullptr) {
    active_count->gave(size);
  }
  return start + kHeaderBytes;
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

namespace blindbook::test_support {

AllocationCount::AllocationCount() {
  if (active_count != nullptr) {
    throw std::logic_error("one count at a time");
  }
  active_count = this;
}

AllocationCount::~AllocationCount() {
  active_count = nullptr;
}

void AllocationCount::gave(std::size_t size) noexcept {
  total_ += size;
  held_ += size;
  peak_ = std::max(peak_, held_);
}

void AllocationCount::took_back(std::size_t size) noexcept {
  // A block from before the construction is none of ours.
  held_ -= std::min(held_, size);
}

}  // namespace blindbook::test_support
