// Multiplication of points by one secret scalar, without decoding or encoding.
#include "tests/bench/micro/inputs.h"

namespace {

using namespace blindbook::bench;

void multiply(benchmark::State& state) {
  const std::size_t count = size_argument(state);
  const auto points = elements(count);
  const G::Scalar k = a_scalar(1);
  std::vector<G::Element> out(count);
  for (auto _ : state) {
    G::multiply_batch(k, points, out);
  }
  report(state, count);
}
BENCHMARK(multiply)->Arg(1)->Arg(16)->Arg(kBatch)->Unit(benchmark::kMicrosecond);

}  // namespace
