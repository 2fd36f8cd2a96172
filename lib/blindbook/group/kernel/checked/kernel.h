#pragma once

#include "blindbook/group/kernel/kernel.h"

namespace blindbook::group::kernel::checked {

/// The text of `ifma` in plain C++ with every bound watched: its functions throw std::logic_error when one was
/// broken. Built with tests only.
extern const Kernel kKernel;

}  // namespace blindbook::group::kernel::checked
