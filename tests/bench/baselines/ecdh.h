#pragma once

#include <vector>

#include "tests/bench/baselines/protocol.h"

/// Private set intersection by Diffie-Hellman on P-256, in the design of OpenMined's PSI library: the service encrypts its
/// set under its key and publishes it, the client has its encrypted contacts encrypted once more and takes its own
/// encryption off. k and a are keys, H hashes onto the curve:
///
///   service  publishes k H(y) for its subscribers y: as they are, in a Bloom filter or as a Golomb-coded set
///   client   a H(x) ..                       one a for the run
///   service  k (that) ..
///   client   divides by a and looks k H(x) up
namespace blindbook::bench {

/// Three ways to publish the set: the points themselves, sorted; a Bloom filter with as many false positives as blindbook's
/// directory of that size has, N / 2^56; tags of 56 bits, coded as in that directory.
[[nodiscard]] std::vector<Protocol> ecdh_protocols();

}  // namespace blindbook::bench
