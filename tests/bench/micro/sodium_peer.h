#pragma once

#include <array>
#include <cstdint>

#include "blindbook/base/bytes.h"

/// The suite ristretto255-SHA512 of RFC 9497 on libsodium alone, one element at a time: what a program would
/// do that has libsodium and not blindbook. The same bytes come out, which each benchmark looks at before it
/// compares times, and no step is taken that blindbook does not take as well.
namespace blindbook::bench::sodium {

using Bytes32 = std::array<std::uint8_t, 32>;
using Bytes64 = std::array<std::uint8_t, 64>;

/// expand_message_xmd (RFC 9380) with SHA-512 for HashToGroup, 64 bytes. The first block, zeros, was hashed
/// before, as blindbook's was.
[[nodiscard]] Bytes64 expand_message(ByteView message);

/// HashToGroup (RFC 9497 section 4.1), encoded: libsodium knows elements by their encodings only.
[[nodiscard]] Bytes32 hash_to_group(ByteView message);

/// A scalar from 64 uniform bytes.
[[nodiscard]] Bytes32 scalar_from_uniform(const Bytes64& uniform);

/// k times the element encoded in `element`. Throws std::runtime_error for one that libsodium refuses.
[[nodiscard]] Bytes32 multiply(const Bytes32& k, const Bytes32& element);

/// The hash at the end of Finalize (RFC 9497 section 3.3.1).
[[nodiscard]] Bytes64 finalize(ByteView message, const Bytes32& element);

}  // namespace blindbook::bench::sodium
