// The steps that evaluation, setup and proofs are made of, each alone.
#include <sodium.h>

#include "tests/bench/group_inputs.h"

namespace {

using namespace blindbook;
using namespace blindbook::bench;

void group_multiply(benchmark::State& state) {
  const auto points = elements(kBatch);
  const G::Scalar k = a_scalar(1);
  std::vector<G::Element> out(kBatch);
  for (auto _ : state) {
    G::multiply_batch(k, points, out);
  }
  report(state, kBatch);
}
BENCHMARK(group_multiply)->Unit(benchmark::kMillisecond);

void group_decode(benchmark::State& state) {
  const auto encoded = encoded_elements(kBatch);
  std::vector<G::Element> out(kBatch);
  for (auto _ : state) {
    benchmark::DoNotOptimize(G::decode_batch(encoded, out));
  }
  report(state, kBatch);
}
BENCHMARK(group_decode)->Unit(benchmark::kMillisecond);

void group_encode(benchmark::State& state) {
  const auto points = elements(kBatch);
  std::vector<G::EncodedElement> out(kBatch);
  for (auto _ : state) {
    G::encode_batch(points, out);
  }
  report(state, kBatch);
}
BENCHMARK(group_encode)->Unit(benchmark::kMillisecond);

void group_hash(benchmark::State& state) {
  const auto texts = identifiers(kBatch);
  const auto messages = views(texts);
  std::vector<G::Element> out(kBatch);
  for (auto _ : state) {
    G::hash_to_group_batch(messages, bytes_of(kTag), out);
  }
  report(state, kBatch);
}
BENCHMARK(group_hash)->Unit(benchmark::kMillisecond);

void hash_expand_message(benchmark::State& state) {
  const auto texts = identifiers(1);
  std::array<std::uint8_t, 64> out{};
  for (auto _ : state) {
    hash::expand_message_xmd(G::kHash, {bytes_of(texts[0])}, bytes_of(kTag), out);
    benchmark::DoNotOptimize(out);
  }
  report(state, 1);
}
BENCHMARK(hash_expand_message);

void group_multi_scalar_multiply(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  const auto encoded = encoded_elements(count);
  std::vector<G::Element> points(count);
  if (G::decode_batch(encoded, points)) {
    state.SkipWithError("an element did not decode");
    return;
  }
  const auto weights = scalars(count);
  for (auto _ : state) {
    benchmark::DoNotOptimize(G::multi_scalar_multiply_vartime(weights, points));
  }
  report(state, count);
}
BENCHMARK(group_multi_scalar_multiply)
    ->Arg(16)
    ->Arg(64)
    ->Arg(256)
    ->Arg(1024)
    ->Arg(4096)
    ->Unit(benchmark::kMillisecond);

void group_scalar_multiply(benchmark::State& state) {
  const G::Scalar a = a_scalar(1);
  const G::Scalar b = a_scalar(2);
  for (auto _ : state) {
    benchmark::DoNotOptimize(G::multiply(a, b));
  }
}
BENCHMARK(group_scalar_multiply);

void group_scalar_invert(benchmark::State& state) {
  const G::Scalar a = a_scalar(1);
  for (auto _ : state) {
    benchmark::DoNotOptimize(G::invert(a));
  }
}
BENCHMARK(group_scalar_invert);

}  // namespace
