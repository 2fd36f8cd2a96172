// From identifiers to points. libsodium's points are encoded, so its hash to the group includes an encoding.
#include "tests/bench/micro/inputs.h"
#include "tests/bench/micro/sodium_peer.h"

namespace {

using namespace blindbook;
using namespace blindbook::bench;

void hash_to_group(benchmark::State& state) {
  const std::size_t count = size_argument(state);
  const auto texts = identifiers(count);
  const auto messages = views(texts);
  std::vector<G::Element> out(count);
  for (auto _ : state) {
    G::hash_to_group_batch(messages, bytes_of(kHashToGroupTag), out);
  }
  report(state, count);
}
BENCHMARK(hash_to_group)->Arg(1)->Arg(kBatch)->Unit(benchmark::kMicrosecond);

void libsodium_hash_to_group(benchmark::State& state) {
  const auto texts = identifiers(kBatch);
  const auto messages = views(texts);
  const auto expected = encoded_elements(kBatch);
  for (std::size_t i = 0; i < kBatch; ++i) {
    if (!std::ranges::equal(sodium::hash_to_group(messages[i]), expected[i].view())) {
      state.SkipWithError("libsodium's points differ");
      return;
    }
  }
  for (auto _ : state) {
    for (const ByteView message : messages) {
      benchmark::DoNotOptimize(sodium::hash_to_group(message));
    }
  }
  report(state, kBatch);
}
BENCHMARK(libsodium_hash_to_group)->Unit(benchmark::kMicrosecond);

}  // namespace
