#pragma once

#include <cstdint>

#include "blindbook/base/bytes.h"
#include "blindbook/base/error.h"

namespace blindbook::directory {

/// What anybody can count in a directory without a key.
struct Census {
  std::uint64_t entries = 0;
  std::uint64_t distinct_tags = 0;
  std::uint64_t body_bits = 0;  ///< of the coded tags, padding not counted
};

/// Counts a whole file by decoding it once. PeerMisbehaved "directory.header", "directory.size", and
/// "directory.body" when the tags are not coded canonically.
[[nodiscard]] Result<Census> census_of(ByteView file);

}  // namespace blindbook::directory
