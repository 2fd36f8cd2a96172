#include "blindbook/group/kernel/avx2/field.h"
#include "blindbook/group/kernel/avx2/memory.h"

#define BLINDBOOK_KERNEL avx2
#define BLINDBOOK_KERNEL_NAME "avx2"
#include "tests/bench/micro/field/loops.inl"
