#pragma once

#include "blindbook/group/kernel/kernel.h"

namespace blindbook::group::kernel::scalar51 {

/// Portable C++, one point at a time; runs everywhere.
extern const Kernel kKernel;

}  // namespace blindbook::group::kernel::scalar51
