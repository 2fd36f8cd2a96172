// Decoding of elements, which checks them; libsodium's check beside it.
#include <sodium.h>

#include "tests/bench/micro/inputs.h"

namespace {

using namespace blindbook::bench;

void decode(benchmark::State& state) {
  const std::size_t count = size_argument(state);
  const auto encoded = encoded_elements(count);
  std::vector<G::Element> out(count);
  for (auto _ : state) {
    benchmark::DoNotOptimize(G::decode_batch(encoded, out));
  }
  report(state, count);
}
BENCHMARK(decode)->Arg(1)->Arg(kBatch)->Unit(benchmark::kMicrosecond);

void libsodium_decode(benchmark::State& state) {
  const auto encoded = encoded_elements(kBatch);
  for (auto _ : state) {
    for (const auto& element : encoded) {
      benchmark::DoNotOptimize(crypto_core_ristretto255_is_valid_point(element.view().data()));
    }
  }
  report(state, kBatch);
}
BENCHMARK(libsodium_decode)->Unit(benchmark::kMicrosecond);

}  // namespace
