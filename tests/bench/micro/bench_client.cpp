// All that a client computes for a batch: blind, verify the proof, finalize. libsodium's client blinds by multiplication,
// as the RFC does it, and verifies nothing; it hashes the same and draws its masks from the same source, all at once.
#include <sodium.h>

#include "tests/bench/micro/client_scene.h"
#include "tests/bench/micro/sodium_peer.h"

namespace {

using namespace blindbook;
using namespace blindbook::bench;

void client(benchmark::State& state) {
  const std::size_t count = size_argument(state);
  const ClientScene scene(count);
  for (auto _ : state) {
    auto verified = scene.blind().batch.verify(scene.answer.elements, scene.answer.proof);
    if (!verified) {
      state.SkipWithError("the answer was refused");
      return;
    }
    benchmark::DoNotOptimize(std::move(*verified).finalize());
  }
  report(state, count);
}
BENCHMARK(client)->Arg(16)->Arg(kBatch)->Unit(benchmark::kMicrosecond);

class SodiumClient {
 public:
  explicit SodiumClient(const ClientScene& scene)
      : scene_(scene), uniform_(scene.messages.size()), masks_(uniform_.size()), blinded_(uniform_.size()) {}

  std::span<const sodium::Bytes32> blind() {
    ReplayedRandom(scene_.masks).fill({uniform_.data()->data(), scene_.masks.size()});
    for (std::size_t i = 0; i < masks_.size(); ++i) {
      masks_[i] = sodium::scalar_from_uniform(uniform_[i]);
      blinded_[i] = sodium::multiply(masks_[i], sodium::hash_to_group(scene_.messages[i]));
    }
    return blinded_;
  }

  void finalize(std::span<const sodium::Bytes32> evaluated, std::span<sodium::Bytes64> out) const {
    for (std::size_t i = 0; i < masks_.size(); ++i) {
      sodium::Bytes32 inverse;
      if (crypto_core_ristretto255_scalar_invert(inverse.data(), masks_[i].data()) != 0) {
        throw std::runtime_error("libsodium refused a mask");
      }
      out[i] = sodium::finalize(scene_.messages[i], sodium::multiply(inverse, evaluated[i]));
    }
  }

 private:
  const ClientScene& scene_;
  std::vector<sodium::Bytes64> uniform_;
  std::vector<sodium::Bytes32> masks_;
  std::vector<sodium::Bytes32> blinded_;
};

void libsodium_client(benchmark::State& state) {
  const ClientScene scene(kBatch);
  SodiumClient client(scene);
  sodium::Bytes32 k{};
  std::ranges::copy(scene.keys.secret.expose(), k.begin());
  std::vector<sodium::Bytes32> evaluated;
  for (const sodium::Bytes32& element : client.blind()) {
    evaluated.push_back(sodium::multiply(k, element));
  }
  std::vector<sodium::Bytes64> outputs(kBatch);
  for (auto _ : state) {
    benchmark::DoNotOptimize(client.blind().data());
    client.finalize(evaluated, outputs);
    benchmark::DoNotOptimize(outputs.data());
  }
  std::vector<oprf::PrfOutput> expected(kBatch);
  suite().evaluate_unblinded(scene.keys.secret, scene.messages, expected);
  for (std::size_t i = 0; i < kBatch; ++i) {
    if (!std::ranges::equal(outputs[i], expected[i].expose())) {
      state.SkipWithError("libsodium's outputs differ");
      return;
    }
  }
  report(state, kBatch);
}
BENCHMARK(libsodium_client)->Unit(benchmark::kMicrosecond);

}  // namespace
