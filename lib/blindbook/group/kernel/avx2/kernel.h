#pragma once

#include "blindbook/group/kernel/kernel.h"

namespace blindbook::group::kernel::avx2 {

/// AVX2, four points at a time.
extern const Kernel kKernel;

}  // namespace blindbook::group::kernel::avx2
