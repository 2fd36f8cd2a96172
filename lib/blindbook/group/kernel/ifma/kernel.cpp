#include "blindbook/group/kernel/ifma/kernel.h"

#include "blindbook/group/kernel/ifma/field.h"
#include "blindbook/group/kernel/ifma/memory.h"

#define BLINDBOOK_KERNEL ifma
#include "blindbook/group/kernel/common/table.inl"

namespace blindbook::group::kernel::ifma {

// Constant: nothing of a kernel may run before the machine was asked what it offers.
constinit const Kernel kKernel = make_kernel("ifma");

}  // namespace blindbook::group::kernel::ifma
