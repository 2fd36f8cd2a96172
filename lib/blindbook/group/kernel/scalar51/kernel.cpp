#include "blindbook/group/kernel/scalar51/kernel.h"

#include "blindbook/group/kernel/scalar51/field.h"
#include "blindbook/group/kernel/scalar51/memory.h"

#define BLINDBOOK_KERNEL scalar51
#include "blindbook/group/kernel/common/table.inl"

namespace blindbook::group::kernel::scalar51 {

// Constant: nothing of a kernel may run before the machine was asked what it offers.
constinit const Kernel kKernel = make_kernel("scalar51");

}  // namespace blindbook::group::kernel::scalar51
