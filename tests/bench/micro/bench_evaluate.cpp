// What a server does with a request: decode, multiply by the key, encode; and prove it. libsodium has no proof.
#include "tests/bench/micro/inputs.h"
#include "tests/bench/micro/sodium_peer.h"

namespace {

using namespace blindbook;
using namespace blindbook::bench;

/// The elements of a request, as they arrive.
Bytes request_of(std::size_t count) {
  Bytes out;
  for (const auto& element : encoded_elements(count)) {
    out.insert(out.end(), element.view().begin(), element.view().end());
  }
  return out;
}

void evaluate(benchmark::State& state) {
  const std::size_t count = size_argument(state);
  const oprf::KeyPair keys = key_pair();
  const Bytes request = request_of(count);
  for (auto _ : state) {
    auto job = suite().decode_batch(request, count).value();
    job->evaluate(keys.secret, 0, count);
    benchmark::DoNotOptimize(job);
  }
  report(state, count);
}
BENCHMARK(evaluate)->Arg(16)->Arg(kBatch)->Unit(benchmark::kMicrosecond);

void evaluate_with_proof(benchmark::State& state) {
  const std::size_t count = size_argument(state);
  SystemRandom random;
  const oprf::KeyPair keys = key_pair();
  const Bytes request = request_of(count);
  for (auto _ : state) {
    benchmark::DoNotOptimize(answer_to(request, count, keys, random));
  }
  report(state, count);
}
BENCHMARK(evaluate_with_proof)->Arg(16)->Arg(kBatch)->Unit(benchmark::kMicrosecond);

void libsodium_evaluate(benchmark::State& state) {
  SystemRandom random;
  const oprf::KeyPair keys = key_pair();
  const Bytes request = request_of(kBatch);
  sodium::Bytes32 k{};
  std::ranges::copy(keys.secret.expose(), k.begin());
  sodium::Bytes32 element{};
  Bytes answer(request.size());
  for (auto _ : state) {
    for (std::size_t at = 0; at < request.size(); at += element.size()) {
      std::ranges::copy(ByteView(request).subspan(at, element.size()), element.begin());
      std::ranges::copy(sodium::multiply(k, element), answer.begin() + static_cast<std::ptrdiff_t>(at));
    }
    benchmark::DoNotOptimize(answer.data());
  }
  if (answer != answer_to(request, kBatch, keys, random).elements) {
    state.SkipWithError("libsodium's answer differs");
  }
  report(state, kBatch);
}
BENCHMARK(libsodium_evaluate)->Unit(benchmark::kMicrosecond);

}  // namespace
