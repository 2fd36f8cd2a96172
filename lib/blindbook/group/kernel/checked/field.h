#pragma once

#include "blindbook/group/kernel/checked/words.h"

/// The field arithmetic of `ifma` on watched lanes.
#define BLINDBOOK_KERNEL checked
#include "blindbook/group/kernel/common/bounded.inl"
#include "blindbook/group/kernel/common/field52.inl"
#undef BLINDBOOK_KERNEL
