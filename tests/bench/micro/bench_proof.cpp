// The proof over a batch, without the evaluation: made, and verified.
#include "blindbook/base/workers.h"
#include "blindbook/oprf/dleq.h"

#include "tests/bench/micro/inputs.h"

namespace {

using namespace blindbook;
using namespace blindbook::bench;
using Dleq = oprf::Dleq<G>;

/// A batch and what was evaluated, k times each.
struct Scene {
  explicit Scene(std::size_t count)
      : blinded(elements(count)), evaluated(count), blinded_encoded(count), evaluated_encoded(count) {
    G::multiply_base_batch(std::span(&k, 1), std::span(&key, 1));
    key_encoded = G::encode(key);
    G::encode_batch(blinded, blinded_encoded);
    G::multiply_batch(k, blinded, evaluated);
    G::encode_batch(evaluated, evaluated_encoded);
  }

  [[nodiscard]] oprf::DleqStatement<G> statement() const {
    return {key_encoded, blinded, blinded_encoded, evaluated_encoded};
  }

  oprf::Context context{oprf::Mode::kVoprf, kSuiteName};
  SystemRandom random;
  G::Scalar k = a_scalar(1);
  G::Element key;
  G::EncodedElement key_encoded;
  std::vector<G::Element> blinded;
  std::vector<G::Element> evaluated;
  std::vector<G::EncodedElement> blinded_encoded;
  std::vector<G::EncodedElement> evaluated_encoded;
};

void prove(benchmark::State& state) {
  const std::size_t count = size_argument(state);
  Scene scene(count);
  const auto statement = scene.statement();
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        Dleq::generate(scene.context, scene.k, statement, scene.random, calling_thread()));
  }
  report(state, count);
}
BENCHMARK(prove)->Arg(16)->Arg(kBatch)->Unit(benchmark::kMicrosecond);

void verify_proof(benchmark::State& state) {
  const std::size_t count = size_argument(state);
  Scene scene(count);
  const auto statement = scene.statement();
  const auto proof = Dleq::generate(scene.context, scene.k, statement, scene.random, calling_thread());
  for (auto _ : state) {
    if (!Dleq::verify(scene.context, scene.key, scene.evaluated, statement, proof)) {
      state.SkipWithError("the proof does not verify");
      return;
    }
  }
  report(state, count);
}
BENCHMARK(verify_proof)->Arg(16)->Arg(kBatch)->Unit(benchmark::kMicrosecond);

}  // namespace
