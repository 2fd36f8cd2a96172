#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "blindbook/group/ristretto255.h"
#include "blindbook/oprf/context.h"
#include "blindbook/oprf/oprf.h"

#include "tests/unit/oprf/exchange.h"

/// What tests look for where a client's run must have left nothing.
namespace blindbook::oprf::test {

using G = group::Ristretto255;

/// What a client knows of one contact besides its number.
struct ContactSecrets {
  Bytes mask;  ///< as encoded, which is how its limbs stand in memory: little-endian
  G::Element hashed;
  PrfOutput output;
};

/// In a scalar's own encoding.
inline Bytes bytes_of_scalar(const G::Scalar& scalar) {
  Bytes out(G::kScalarBytes);
  G::encode_scalar(scalar, std::span(out).first<G::kScalarBytes>());
  return out;
}

/// Those of a run over `texts` that blinds with the randomness of `seed`, and is answered under `keys`.
inline std::vector<ContactSecrets> client_secrets(const KeyPair& keys, const std::vector<std::string>& texts,
                                                  std::uint64_t seed) {
  const Context context(Mode::kVoprf, ristretto255().name());
  test_support::DeterministicRandom random(seed);
  std::vector<PrfOutput> outputs = unblinded_outputs(ristretto255(), keys, views(texts));
  std::vector<ContactSecrets> out;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    out.push_back({.mask = bytes_of_scalar(random_scalar<G>(random)),
                   .hashed = G::hash_to_group(bytes_of(texts[i]), context.hash_to_group_dst()),
                   .output = std::move(outputs[i])});
  }
  return out;
}

}  // namespace blindbook::oprf::test
