#include "blindbook/directory/tag.h"

#include <cassert>

namespace blindbook::directory {

Tag tag_of(ByteView prf_output) noexcept {
  assert(prf_output.size() >= kTagBytes);
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < kTagBytes; ++i) {
    value = value << 8 | prf_output[i];
  }
  return Tag(value);
}

}  // namespace blindbook::directory
