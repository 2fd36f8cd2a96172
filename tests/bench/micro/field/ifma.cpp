#include "blindbook/group/kernel/ifma/field.h"
#include "blindbook/group/kernel/ifma/memory.h"

#define BLINDBOOK_KERNEL ifma
#define BLINDBOOK_KERNEL_NAME "ifma"
#include "tests/bench/micro/field/loops.inl"
