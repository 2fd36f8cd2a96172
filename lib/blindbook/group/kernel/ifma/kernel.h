#pragma once

#include "blindbook/group/kernel/kernel.h"

namespace blindbook::group::kernel::ifma {

/// AVX-512 IFMA, eight points at a time.
extern const Kernel kKernel;

}  // namespace blindbook::group::kernel::ifma
