#pragma once

#include "blindbook/base/bytes.h"

namespace blindbook::service {

/// Asks the system never to write the pages of `bytes` to swap; false when it refuses (RLIMIT_MEMLOCK), which
/// is no reason to refuse to work. The pages stay locked, for other keys may live in them.
bool lock_in_memory(ByteView bytes) noexcept;

/// Forbids core dumps, and reading this process's memory by others of its user, until it ends.
void forbid_core_dumps() noexcept;

}  // namespace blindbook::service
