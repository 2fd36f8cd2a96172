#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "blindbook/base/bytes.h"

/// The set that a service publishes, as small as it gets: 56-bit tags of its elements, Golomb-Rice coded by the code of
/// blindbook's own directory. Every baseline that can publish such a set does, so that neither the coding nor the rate of
/// false positives (a number that does not subscribe matches with N / 2^56, N the subscribers) tells protocols apart.
///
///     count(4) rice(1) || body
namespace blindbook::bench {

/// The first 56 bits of SHA-256 over an element's encoding.
[[nodiscard]] std::uint64_t tag_of(ByteView element);

/// The set of these tags, in any order and with repetitions. At most 2^32 - 1.
[[nodiscard]] Bytes encode_tags(std::vector<std::uint64_t> tags);

/// The positions in `tags` of those that are in the set, ascending. Throws std::runtime_error on a set that encode_tags()
/// did not make.
[[nodiscard]] std::vector<std::size_t> positions_in(ByteView set, std::span<const std::uint64_t> tags);

}  // namespace blindbook::bench
