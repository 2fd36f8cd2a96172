#include "blindbook/base/dead_stack.h"

#include <openssl/crypto.h>

namespace blindbook {

void wipe_dead_stack() noexcept {
  unsigned char frames[kDeadStackBytes];  // stands where the dead frames stood
  OPENSSL_cleanse(frames, sizeof frames);
}

}  // namespace blindbook
