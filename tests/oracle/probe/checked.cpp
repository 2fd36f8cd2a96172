#include "blindbook/group/kernel/checked/field.h"
#include "blindbook/group/kernel/checked/memory.h"

#define BLINDBOOK_KERNEL checked
#define BLINDBOOK_KERNEL_NAME "checked"
#include "tests/oracle/probe/probe.inl"
