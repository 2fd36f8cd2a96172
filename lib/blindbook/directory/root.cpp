#include "blindbook/directory/root.h"

#include "blindbook/hash/sha2.h"

namespace blindbook::directory {

Root root_of(ByteView file) noexcept {
  return Root(hash::sha256({file}));
}

}  // namespace blindbook::directory
