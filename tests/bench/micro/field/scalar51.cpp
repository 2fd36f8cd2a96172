#include "blindbook/group/kernel/scalar51/field.h"
#include "blindbook/group/kernel/scalar51/memory.h"

#define BLINDBOOK_KERNEL scalar51
#define BLINDBOOK_KERNEL_NAME "scalar51"
#include "tests/bench/micro/field/loops.inl"
