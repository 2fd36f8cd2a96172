// Encoding of elements: alone, and as the end of a multiplication, where a batch shares one inversion.
#include "tests/bench/micro/inputs.h"

namespace {

using namespace blindbook::bench;

void encode(benchmark::State& state) {
  const std::size_t count = size_argument(state);
  const auto points = elements(count);
  std::vector<G::EncodedElement> out(count);
  for (auto _ : state) {
    G::encode_batch(points, out);
  }
  report(state, count);
}
BENCHMARK(encode)->Arg(1)->Arg(kBatch)->Unit(benchmark::kMicrosecond);

/// Less `multiply`, this is the encoding that shares.
void multiply_encode(benchmark::State& state) {
  const std::size_t count = size_argument(state);
  const auto points = elements(count);
  const G::Scalar k = a_scalar(1);
  std::vector<G::EncodedElement> out(count);
  for (auto _ : state) {
    G::multiply_encode_batch(k, points, out);
  }
  report(state, count);
}
BENCHMARK(multiply_encode)->Arg(kBatch)->Unit(benchmark::kMicrosecond);

}  // namespace
