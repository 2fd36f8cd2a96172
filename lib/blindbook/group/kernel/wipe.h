#pragma once

#include <cstddef>

namespace blindbook::group::kernel {

/// wipe() of base/constant_time.h for kernels. They include no inline function of the standard library that
/// they call: compiled with their flags it would be one of the copies that the linker chooses from.
void wipe_memory(void* memory, std::size_t size) noexcept;

}  // namespace blindbook::group::kernel
