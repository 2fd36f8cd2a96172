#include "blindbook/group/kernel/avx2/kernel.h"

#include "blindbook/group/kernel/avx2/field.h"
#include "blindbook/group/kernel/avx2/memory.h"

#define BLINDBOOK_KERNEL avx2
#include "blindbook/group/kernel/common/table.inl"

namespace blindbook::group::kernel::avx2 {

// Constant: nothing of a kernel may run before the machine was asked what it offers.
constinit const Kernel kKernel = make_kernel("avx2");

}  // namespace blindbook::group::kernel::avx2
