// The sum of many multiples, of public data: what folds a batch for its proof.
#include "tests/bench/micro/inputs.h"

namespace {

using namespace blindbook::bench;

void multi_scalar_multiply(benchmark::State& state) {
  const std::size_t count = size_argument(state);
  const auto points = elements(count);
  const auto weights = scalars(count);
  for (auto _ : state) {
    benchmark::DoNotOptimize(G::multi_scalar_multiply_vartime(weights, points));
  }
  report(state, count);
}
BENCHMARK(multi_scalar_multiply)
    ->Arg(16)
    ->Arg(64)
    ->Arg(256)
    ->Arg(kBatch)
    ->Arg(4096)
    ->Unit(benchmark::kMicrosecond);

}  // namespace
