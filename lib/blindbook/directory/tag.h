#pragma once

#include <cstddef>
#include <cstdint>

#include "blindbook/base/bytes.h"
#include "blindbook/base/types.h"

namespace blindbook::directory {

/// Width of a tag, a constant of protocol v1: a client refuses any other, and patches compose because it
/// never changes.
inline constexpr unsigned kTagBits = 56;
inline constexpr std::size_t kTagBytes = kTagBits / 8;
inline constexpr std::uint64_t kMaxTag = (std::uint64_t{1} << kTagBits) - 1;

/// The first 56 bits of `prf_output`, big-endian. `prf_output` holds at least 7 bytes (it is 64 or 32 long).
[[nodiscard]] Tag tag_of(ByteView prf_output) noexcept;

}  // namespace blindbook::directory
