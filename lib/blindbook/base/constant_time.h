#pragma once

#include "blindbook/base/bytes.h"

namespace blindbook {

/// Equality whose running time depends on the lengths alone, never on the contents. Different lengths are
/// unequal.
[[nodiscard]] bool equal_constant_time(ByteView a, ByteView b) noexcept;

/// Overwrites `bytes` with zeros in a way the compiler may not remove.
void wipe(MutableBytes bytes) noexcept;

}  // namespace blindbook
