#pragma once

#include <cstdint>

#include "blindbook/base/strong.h"

namespace blindbook {

/// The suites of protocol v1, by their byte in every binary format.
enum class SuiteId : std::uint8_t {
  kRistretto255Sha512 = 1,  ///< RFC 9497 ristretto255-SHA512
  kP256Sha256 = 2,          ///< RFC 9497 P256-SHA256
};

/// Seconds since 1970-01-01T00:00:00Z. Time is always an argument; the engine has no clock.
using UnixTime = StrongNumber<struct UnixTimeTag, std::uint64_t>;

/// Names the life of one OPRF key: docs/spec/derivations.md.
using EpochId = StrongBytes<struct EpochIdTag, 16>;

/// Counts the publications of one epoch, from 1. 0: announced, nothing published yet.
using Edition = StrongNumber<struct EditionTag, std::uint32_t>;

/// SHA-256 of a directory file.
using Root = StrongBytes<struct RootTag, 32>;

/// SHA-256 of anything that has no name of its own.
using Digest = StrongBytes<struct DigestTag, 32>;

/// The first 56 bits of a PRF output, right-aligned.
using Tag = StrongNumber<struct TagTag, std::uint64_t>;

}  // namespace blindbook
