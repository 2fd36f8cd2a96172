#include "blindbook/base/dead_stack.h"

#include "blindbook/base/constant_time.h"

namespace blindbook {

void wipe_dead_stack() noexcept {
  unsigned char frames[kDeadStackBytes];  // stands where the dead frames stood
  wipe(frames);
}

}  // namespace blindbook
