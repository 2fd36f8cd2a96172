// The client's first step: hash to the group, draw masks, add mask * G, encode.
#include "tests/bench/micro/client_scene.h"

namespace {

using namespace blindbook::bench;

void blind(benchmark::State& state) {
  const std::size_t count = size_argument(state);
  const ClientScene scene(count);
  for (auto _ : state) {
    benchmark::DoNotOptimize(scene.blind());
  }
  report(state, count);
}
BENCHMARK(blind)->Arg(16)->Arg(kBatch)->Unit(benchmark::kMicrosecond);

}  // namespace
