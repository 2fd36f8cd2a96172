// The client's second step: decode the answer, verify the proof, unblind, hash to PRF outputs.
#include "tests/bench/micro/client_scene.h"

namespace {

using namespace blindbook;
using namespace blindbook::bench;

void verify_and_finalize(benchmark::State& state) {
  const std::size_t count = size_argument(state);
  const ClientScene scene(count);
  for (auto _ : state) {
    state.PauseTiming();
    oprf::ClientBatch batch = scene.blind().batch;
    state.ResumeTiming();
    auto verified = std::move(batch).verify(scene.answer.elements, scene.answer.proof);
    if (!verified) {
      state.SkipWithError("the answer was refused");
      return;
    }
    benchmark::DoNotOptimize(std::move(*verified).finalize());
  }
  report(state, count);
}
BENCHMARK(verify_and_finalize)->Arg(16)->Arg(kBatch)->Unit(benchmark::kMicrosecond);

}  // namespace
