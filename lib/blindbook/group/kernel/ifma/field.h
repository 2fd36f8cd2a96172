#pragma once

#include "blindbook/group/kernel/ifma/words.h"

/// Field arithmetic on eight lanes: see common/bounded.inl and common/field52.inl.
#define BLINDBOOK_KERNEL ifma
#include "blindbook/group/kernel/common/bounded.inl"
#include "blindbook/group/kernel/common/field52.inl"
#undef BLINDBOOK_KERNEL
