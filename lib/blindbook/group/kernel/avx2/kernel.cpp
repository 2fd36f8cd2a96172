#include "blindbook/group/kernel/avx2/kernel.h"

#include "blindbook/group/kernel/avx2/field.h"
#include "blindbook/group/kernel/avx2/memory.h"

#define BLINDBOOK_KERNEL avx2
#include "blindbook/group/kernel/common/table.inl"
// The hash stands on the table's text.
#include "blindbook/group/kernel/common/sha512.inl"

namespace blindbook::group::kernel::avx2 {

// Constant: nothing of a kernel may run before the machine was asked what it offers.
constinit const Kernel kKernel = [] {
  Kernel kernel = make_kernel("avx2");
  kernel.sha512_compress = sha512_compress;
  return kernel;
}();

}  // namespace blindbook::group::kernel::avx2
