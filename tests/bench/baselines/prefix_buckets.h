#pragma once

#include <cstddef>
#include <vector>

#include "tests/bench/baselines/protocol.h"

/// Buckets by the prefix of a hash ("k-anonymity", as the range queries of Have I Been Pwned have it): the client names the
/// first bits of a contact's SHA-256, the service gives back all subscribers whose hash begins so.
///
///   client  "prefix"
///   service bits(1)
///   client  prefix(4) ..                       each once, ascending
///   service { count(4) || tag(7) .. } ..       a bucket for each, in the order of the request
namespace blindbook::bench {

/// Subscribers that a bucket holds on average, at least; their hashes come back, 7 bytes each.
inline constexpr std::size_t kBucketSubscribers = 64;

/// The longest prefix with which a bucket of that many is to be expected; 0 where all of them are one.
[[nodiscard]] unsigned prefix_bits(std::size_t subscribers);

[[nodiscard]] std::vector<Protocol> bucket_protocols();

}  // namespace blindbook::bench
