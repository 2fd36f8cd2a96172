// Multiplication of a fixed base by secret scalars, and the table that it takes. libsodium's product is encoded.
#include <sodium.h>

#include "tests/bench/micro/inputs.h"

namespace {

using namespace blindbook::bench;

void multiply_base(benchmark::State& state) {
  const std::size_t count = size_argument(state);
  const auto masks = scalars(count);
  std::vector<G::Element> out(count);
  for (auto _ : state) {
    G::multiply_base_batch(masks, out);
  }
  report(state, count);
}
BENCHMARK(multiply_base)->Arg(1)->Arg(kBatch)->Unit(benchmark::kMicrosecond);

void make_fixed_base(benchmark::State& state) {
  const G::Element base = elements(1)[0];
  for (auto _ : state) {
    benchmark::DoNotOptimize(G::FixedBase(base));
  }
}
BENCHMARK(make_fixed_base)->Unit(benchmark::kMicrosecond);

void libsodium_multiply_base(benchmark::State& state) {
  std::array<std::uint8_t, 32> k{};
  G::encode_scalar(a_scalar(1), k);
  std::array<std::uint8_t, 32> out{};
  for (auto _ : state) {
    benchmark::DoNotOptimize(crypto_scalarmult_ristretto255_base(out.data(), k.data()));
  }
  report(state, 1);
}
BENCHMARK(libsodium_multiply_base)->Unit(benchmark::kMicrosecond);

}  // namespace
