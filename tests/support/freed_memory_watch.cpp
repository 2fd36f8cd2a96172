#include "tests/support/freed_memory_watch.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>
#include <stdexcept>
#include <utility>

namespace {

blindbook::test_support::FreedMemoryWatch* active_watch = nullptr;

/// Stands before every block, because operator delete is not always told the size; as large as the alignment
/// that operator new promises.
constexpr std::size_t kHeaderBytes = 16;
static_assert(kHeaderBytes >= __STDCPP_DEFAULT_NEW_ALIGNMENT__);

void free_block(void* block) noexcept {
  if (block == nullptr) {
    return;
  }
  auto* start = static_cast<std::uint8_t*>(block) - kHeaderBytes;
  std::size_t size = 0;
  std::memcpy(&size, start, sizeof size);
  if (active_watch != nullptr) {
    active_watch->search({static_cast<const std::uint8_t*>(block), size});
  }
  std::free(start);
}

}  // namespace

void* operator new(std::size_t size) {
  auto* start = static_cast<std::uint8_t*>(std::malloc(size + kHeaderBytes));
  if (start == nullptr) {
    throw std::bad_alloc();
  }
  std::memcpy(start, &size, sizeof size);
  // What the owner never writes must not be found as somebody's secret.
  std::memset(start + kHeaderBytes, 0, size);
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
