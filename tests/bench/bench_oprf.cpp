// OPRF, one thread: each side's work on a batch, and libsodium's scalar multiplication beside it.
// Counter: per_element = time for one element of the batch.
#include <array>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <sodium.h>

#include "blindbook/oprf/suite.h"

#include "tests/support/deterministic_random.h"

namespace {

using namespace blindbook;
using namespace blindbook::oprf;
using test_support::DeterministicRandom;

const Suite& suite() {
  return *find_suite(SuiteId::kRistretto255Sha512);
}

KeyPair key_pair() {
  return suite().derive_key_pair(Secret<32>(), bytes_of("bench")).value();
}

/// Fictional identifiers; that they repeat does not matter to the time.
std::vector<std::string> inputs(std::size_t count) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < count; ++i) {
    std::string digits = std::to_string(i % 1000);
    digits.insert(0, 3 - digits.size(), '0');
    out.push_back("tel:+493023125" + digits);
  }
  return out;
}

std::vector<ByteView> views(const std::vector<std::string>& texts) {
  std::vector<ByteView> out;
  out.reserve(texts.size());
  for (const std::string& text : texts) {
    out.push_back(bytes_of(text));
  }
  return out;
}

Evaluated answer_of(ByteView elements, std::size_t count, const KeyPair& keys, RandomSource& random) {
  auto job = suite().decode_batch(elements, count).value();
  job->evaluate(keys.secret, 0, count);
  return std::move(*job).finish(keys.secret, keys.public_key, random).value();
}

void report(benchmark::State& state, std::size_t count) {
  state.counters["per_element"] =
      benchmark::Counter(static_cast<double>(count),
                         benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void oprf_client_blind(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  DeterministicRandom random(1);
  const KeyPair keys = key_pair();
  const auto texts = inputs(count);
  const auto messages = views(texts);
  for (auto _ : state) {
    benchmark::DoNotOptimize(suite().blind(messages, random, keys.public_key));
  }
  report(state, count);
}

void oprf_server_evaluate_and_prove(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  DeterministicRandom random(1);
  const KeyPair keys = key_pair();
  const auto texts = inputs(count);
  const Bytes elements = suite().blind(views(texts), random, keys.public_key).elements;
  for (auto _ : state) {
    benchmark::DoNotOptimize(answer_of(elements, count, keys, random));
  }
  report(state, count);
}

void oprf_server_evaluate_only(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  DeterministicRandom random(1);
  const KeyPair keys = key_pair();
  const auto texts = inputs(count);
  const Bytes elements = suite().blind(views(texts), random, keys.public_key).elements;
  for (auto _ : state) {
    auto job = suite().decode_batch(elements, count).value();
    job->evaluate(keys.secret, 0, count);
    benchmark::DoNotOptimize(job);
  }
  report(state, count);
}

void oprf_client_verify_and_finalize(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  DeterministicRandom random(1);
  const KeyPair keys = key_pair();
  const auto texts = inputs(count);
  for (auto _ : state) {
    state.PauseTiming();
    auto [batch, elements] = suite().blind(views(texts), random, keys.public_key);
    const Evaluated answer = answer_of(elements, count, keys, random);
    state.ResumeTiming();
    auto verified = std::move(batch).verify(answer.elements, answer.proof).value();
    benchmark::DoNotOptimize(std::move(verified).finalize());
  }
  report(state, count);
}

void oprf_publisher_evaluate_unblinded(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  const KeyPair keys = key_pair();
  const auto texts = inputs(count);
  const auto messages = views(texts);
  std::vector<PrfOutput> outputs(count);
  for (auto _ : state) {
    suite().evaluate_unblinded(keys.secret, messages, outputs);
    benchmark::DoNotOptimize(outputs.data());
  }
  report(state, count);
}

void libsodium_scalarmult_ristretto255(benchmark::State& state) {
  DeterministicRandom random(1);
  std::array<unsigned char, crypto_core_ristretto255_HASHBYTES> uniform{};
  std::array<unsigned char, crypto_core_ristretto255_BYTES> point{};
  std::array<unsigned char, crypto_core_ristretto255_SCALARBYTES> scalar{};
  random.fill(uniform);
  crypto_core_ristretto255_from_hash(point.data(), uniform.data());
  random.fill(uniform);
  crypto_core_ristretto255_scalar_reduce(scalar.data(), uniform.data());
  for (auto _ : state) {
    if (crypto_scalarmult_ristretto255(point.data(), scalar.data(), point.data()) != 0) {
      state.SkipWithError("libsodium refused the point");
      break;
    }
  }
  report(state, 1);
}

BENCHMARK(oprf_client_blind)->Arg(16)->Arg(1024)->Unit(benchmark::kMillisecond);
BENCHMARK(oprf_server_evaluate_only)->Arg(16)->Arg(1024)->Unit(benchmark::kMillisecond);
BENCHMARK(oprf_server_evaluate_and_prove)->Arg(16)->Arg(1024)->Unit(benchmark::kMillisecond);
BENCHMARK(oprf_client_verify_and_finalize)->Arg(16)->Arg(1024)->Unit(benchmark::kMillisecond);
BENCHMARK(oprf_publisher_evaluate_unblinded)->Arg(1024)->Unit(benchmark::kMillisecond);
BENCHMARK(libsodium_scalarmult_ristretto255)->Unit(benchmark::kMicrosecond);

}  // namespace
