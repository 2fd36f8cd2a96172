#include "blindbook/base/random.h"
#include "blindbook/capi/boundary.h"

int bb_abi_version(void) {
  return BB_ABI_VERSION;
}

const char* bb_version(void) {
  return BLINDBOOK_VERSION;
}

bb_status bb_random(uint8_t* out, size_t size, bb_error* error) {
  if (out == nullptr && size != 0) {
    return blindbook::capi::report_null(error);
  }
  return blindbook::capi::guarded(error, [&] {
    blindbook::SystemRandom().fill(blindbook::MutableBytes(out, size));
    return BB_OK;
  });
}
