#pragma once

#include <vector>

#include "tests/bench/baselines/protocol.h"

/// Private set intersection by Diffie-Hellman (Meadows 1986; Huberman, Franklin, Hogg 1999) in the squares modulo the
/// 2048-bit safe prime p = 2q + 1 of RFC 3526 (group 14), with the set published once. H hashes onto the squares; k and a
/// are secret exponents of 256 bits (RFC 7919 section 5.2 asks for 225):
///
///   service  publishes the tags of H(y)^k for its subscribers y
///   client   H(x)^a ..                       one a for the run
///   service  (that)^k ..
///   client   raises to 1/a modulo q, and looks the tag up
namespace blindbook::bench {

/// The prime, big-endian, 256 bytes.
[[nodiscard]] Bytes dh_prime();

/// Over Boost.Multiprecision and over OpenSSL.
[[nodiscard]] std::vector<Protocol> classic_dh_protocols();

}  // namespace blindbook::bench
