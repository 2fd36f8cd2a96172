#pragma once

#include <cstdint>

/// HTTP heads of protocol v1, which stand apart from all other bytes: they depend on the length of names and tokens.
namespace blindbook::model {

/// Heads of `requests` requests and their answers, both ways, in bytes: of this program at both ends, with a host name of
/// 15 characters and a token as `blindbook token` mints it, which one in three requests bears.
[[nodiscard]] std::uint64_t expected_head_bytes(std::uint64_t requests);

}  // namespace blindbook::model
