#include "blindbook/group/kernel/ifma/kernel.h"

#include "blindbook/group/kernel/ifma/field.h"
#include "blindbook/group/kernel/ifma/memory.h"

#define BLINDBOOK_KERNEL ifma
#include "blindbook/group/kernel/common/table.inl"
// The hash stands on the table's text.
#include "blindbook/group/kernel/common/sha512.inl"

namespace blindbook::group::kernel::ifma {

// Constant: nothing of a kernel may run before the machine was asked what it offers.
constinit const Kernel kKernel = [] {
  Kernel kernel = make_kernel("ifma");
  kernel.sha512_compress = sha512_compress;
  return kernel;
}();

}  // namespace blindbook::group::kernel::ifma
