#include "blindbook/service/memory_protection.h"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

namespace blindbook::service {

bool lock_in_memory(ByteView bytes) noexcept {
  return bytes.empty() || ::mlock(bytes.data(), bytes.size()) == 0;
}

void forbid_core_dumps() noexcept {
  const rlimit none{0, 0};
  static_cast<void>(::setrlimit(RLIMIT_CORE, &none));
  static_cast<void>(::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0));
}

}  // namespace blindbook::service
