#include "tests/support/allocation_count.h"

#include <algorithm>
#include <stdexcept>

#include "tests/support/sized_heap.h"

namespace blindbook::test_support {
namespace {

AllocationCount* active_count = nullptr;

}  // namespace

void block_given(void* /*block*/, std::size_t size) noexcept {
  if (active_count != nullptr) {
    active_count->gave(size);
  }
}

void block_taken_back(const void* /*block*/, std::size_t size) noexcept {
  if (active_count != nullptr) {
    active_count->took_back(size);
  }
}

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
