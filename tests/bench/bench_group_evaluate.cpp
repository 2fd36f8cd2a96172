// Evaluation of blinded elements without the proof: decode, multiply by the secret scalar, encode.
#include <sodium.h>

#include "tests/bench/group_inputs.h"

namespace {

using namespace blindbook;
using namespace blindbook::bench;

void group_evaluate(benchmark::State& state) {
  const auto encoded = encoded_elements(kBatch);
  const G::Scalar k = a_scalar(1);
  std::vector<G::Element> decoded(kBatch);
  std::vector<G::EncodedElement> out(kBatch);
  for (auto _ : state) {
    benchmark::DoNotOptimize(G::decode_batch(encoded, decoded));
    G::multiply_encode_batch(k, decoded, out);
  }
  report(state, kBatch);
}
BENCHMARK(group_evaluate)->Unit(benchmark::kMillisecond);

void sodium_evaluate(benchmark::State& state) {
  const auto encoded = encoded_elements(kBatch);
  std::array<std::uint8_t, 32> k{};
  G::encode_scalar(a_scalar(1), k);
  std::array<std::uint8_t, 32> out{};
  for (auto _ : state) {
    for (const auto& element : encoded) {
      if (crypto_scalarmult_ristretto255(out.data(), k.data(), element.view().data()) != 0) {
        state.SkipWithError("libsodium refused an element");
        return;
      }
      benchmark::DoNotOptimize(out);
    }
  }
  report(state, kBatch);
}
BENCHMARK(sodium_evaluate)->Unit(benchmark::kMillisecond);

}  // namespace
