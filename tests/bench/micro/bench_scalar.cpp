// Arithmetic modulo the order of the group.
#include "tests/bench/micro/inputs.h"

namespace {

using namespace blindbook::bench;

void scalar_multiply(benchmark::State& state) {
  const G::Scalar a = a_scalar(1);
  const G::Scalar b = a_scalar(2);
  for (auto _ : state) {
    benchmark::DoNotOptimize(G::multiply(a, b));
  }
}
BENCHMARK(scalar_multiply);

void scalar_invert(benchmark::State& state) {
  const G::Scalar a = a_scalar(1);
  for (auto _ : state) {
    benchmark::DoNotOptimize(G::invert(a));
  }
}
BENCHMARK(scalar_invert);

}  // namespace
