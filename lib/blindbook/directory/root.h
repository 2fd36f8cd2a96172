#pragma once

#include "blindbook/base/bytes.h"
#include "blindbook/base/types.h"

namespace blindbook::directory {

/// The root of a directory: SHA-256 of all its bytes.
[[nodiscard]] Root root_of(ByteView file) noexcept;

}  // namespace blindbook::directory
