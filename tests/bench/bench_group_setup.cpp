// From an identifier to its encoded PRF point: hash to the group, multiply by the secret scalar, encode.
// libsodium starts from a hash made before, we from the identifier.
#include <sodium.h>

#include "tests/bench/group_inputs.h"

namespace {

using namespace blindbook;
using namespace blindbook::bench;

void group_setup(benchmark::State& state) {
  const auto texts = identifiers(kBatch);
  const auto messages = views(texts);
  const G::Scalar k = a_scalar(1);
  std::vector<G::Element> points(kBatch);
  std::vector<G::EncodedElement> out(kBatch);
  for (auto _ : state) {
    G::hash_to_group_batch(messages, bytes_of(kTag), points);
    G::multiply_encode_batch(k, points, out);
  }
  report(state, kBatch);
}
BENCHMARK(group_setup)->Unit(benchmark::kMillisecond);

void sodium_setup(benchmark::State& state) {
  std::vector<std::array<std::uint8_t, 64>> hashes(kBatch);
  const auto texts = identifiers(kBatch);
  for (std::size_t i = 0; i < kBatch; ++i) {
    hashes[i] = hash::sha512({bytes_of(texts[i])});
  }
  std::array<std::uint8_t, 32> k{};
  G::encode_scalar(a_scalar(1), k);
  std::array<std::uint8_t, 32> point{};
  std::array<std::uint8_t, 32> out{};
  for (auto _ : state) {
    for (const auto& hash : hashes) {
      crypto_core_ristretto255_from_hash(point.data(), hash.data());
      if (crypto_scalarmult_ristretto255(out.data(), k.data(), point.data()) != 0) {
        state.SkipWithError("libsodium refused an element");
        return;
      }
      benchmark::DoNotOptimize(out);
    }
  }
  report(state, kBatch);
}
BENCHMARK(sodium_setup)->Unit(benchmark::kMillisecond);

}  // namespace
