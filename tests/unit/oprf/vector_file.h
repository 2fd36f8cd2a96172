#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "blindbook/base/bytes.h"

namespace blindbook::oprf::test {

/// One batch of RFC 9497 appendix A; every list has as many members as the batch.
struct Vector {
  std::vector<Bytes> inputs;
  std::vector<Bytes> blinds;
  std::vector<Bytes> blinded_elements;
  std::vector<Bytes> evaluation_elements;
  std::vector<Bytes> outputs;
  /// Mode 1 only: the proof and the nonce it was made with.
  Bytes proof;
  Bytes proof_nonce;
};

/// The vectors of one suite in one mode.
struct VectorSet {
  std::string identifier;
  int mode = 0;
  Bytes seed;
  Bytes key_info;
  Bytes secret_key;
  /// Mode 1 only.
  Bytes public_key;
  Bytes group_dst;
  std::vector<Vector> vectors;
};

/// Reads the JSON of tests/vectors/rfc9497. Strict, so that a vector cannot be skipped in silence: throws
/// std::runtime_error on an unknown or missing member, an empty list, lists of different lengths and bad hex.
[[nodiscard]] std::vector<VectorSet> parse_vectors(std::string_view json);

/// parse_vectors() of the file in the tree, reduced to `identifier`; throws when nothing is left.
[[nodiscard]] std::vector<VectorSet> load_vectors(std::string_view identifier);

}  // namespace blindbook::oprf::test
