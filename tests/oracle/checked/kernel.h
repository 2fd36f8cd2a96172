#pragma once

#include "blindbook/group/kernel/kernel.h"

namespace blindbook::group::kernel::checked {

/// scalar51 with every bound checked, for tests: see field.h.
extern const Kernel kKernel;

}  // namespace blindbook::group::kernel::checked
