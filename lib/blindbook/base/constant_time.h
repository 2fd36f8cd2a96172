#pragma once

#include <cstddef>

#include "blindbook/base/bytes.h"

namespace blindbook {

/// Equality whose running time depends on the lengths alone, never on the contents. Different lengths are
/// unequal.
[[nodiscard]] bool equal_constant_time(ByteView a, ByteView b) noexcept;

/// Overwrites `bytes` with zeros in a way the compiler may not remove.
void wipe(MutableBytes bytes) noexcept;

/// Where a secret ends: what was computed from secrets and may be known from here on, for the reason that
/// stands beside each call. Changes nothing. Readers see by it where the library lets something go, and
/// tests/ct, which follows secrets through the library and reports every branch on one, learns it here.
/// @{
[[nodiscard]] bool declassify(bool fact) noexcept;
void declassify(const void* bytes, std::size_t size) noexcept;
/// @}

}  // namespace blindbook
