#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/bench/baselines/protocol.h"

/// Look-up by peppered hashes, as the identity servers of Matrix do it (MSC2134: Identity Hash Lookups; in the Matrix
/// specification the endpoints /_matrix/identity/v2/hash_details and /lookup).
///
///   client  GET hash_details
///   service {"algorithms":["sha256"],"lookup_pepper":".."}
///   client  {"addresses":[hash, ..],"algorithm":"sha256","pepper":".."}
///   service {"mappings":{hash: "", ..}}             of those that subscribe
namespace blindbook::bench {

/// What a client sends for one address: SHA-256 over `address medium pepper`, in base64url without padding. `address` is
/// an e-mail address, or the digits of a phone number in international form without "+", `medium` "email" or "msisdn".
[[nodiscard]] std::string lookup_hash(std::string_view address, std::string_view medium,
                                      std::string_view pepper);

/// The address of "tel:+4930..".
[[nodiscard]] std::string_view msisdn_of(std::string_view identifier);

[[nodiscard]] std::vector<Protocol> matrix_protocols();

}  // namespace blindbook::bench
