#include "tests/support/freed_memory_watch.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "tests/support/sized_heap.h"

namespace blindbook::test_support {
namespace {

FreedMemoryWatch* active_watch = nullptr;

}  // namespace

void block_given(void* block, std::size_t size) noexcept {
  // What the owner never writes must not be found as somebody's secret.
  std::memset(block, 0, size);
}

void block_taken_back(const void* block, std::size_t size) noexcept {
  if (active_watch != nullptr) {
    active_watch->search({static_cast<const std::uint8_t*>(block), size});
  }
}

FreedMemoryWatch::FreedMemoryWatch(std::vector<Bytes> needles)
    : needles_(std::move(needles)), found_(needles_.size()) {
  if (active_watch != nullptr) {
    throw std::logic_error("one watch at a time");
  }
  for (const Bytes& needle : needles_) {
    if (needle.size() < 8) {
      throw std::logic_error("a needle must have at least 8 bytes");
    }
  }
  active_watch = this;
}

FreedMemoryWatch::~FreedMemoryWatch() {
  active_watch = nullptr;
}

std::vector<std::size_t> FreedMemoryWatch::found() const {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < found_.size(); ++i) {
    if (found_[i]) {
      out.push_back(i);
    }
  }
  return out;
}

void FreedMemoryWatch::search(ByteView block) noexcept {
  ++blocks_searched_;
  for (std::size_t i = 0; i < needles_.size(); ++i) {
    const Bytes& needle = needles_[i];
    if (std::search(block.begin(), block.end(), needle.begin(), needle.end()) != block.end()) {
      found_[i] = true;
    }
  }
}

}  // namespace blindbook::test_support
