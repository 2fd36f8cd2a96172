// The client's share: B = H(x) + r*G, and r*K for unblinding; libsodium's r*G beside it.
#include <sodium.h>

#include "tests/bench/group_inputs.h"

namespace {

using namespace blindbook;
using namespace blindbook::bench;

void group_blind(benchmark::State& state) {
  const auto texts = identifiers(kBatch);
  const auto messages = views(texts);
  const auto masks = scalars(kBatch);
  std::vector<G::Element> points(kBatch);
  std::vector<G::Element> blinds(kBatch);
  std::vector<G::EncodedElement> out(kBatch);
  for (auto _ : state) {
    G::hash_to_group_batch(messages, bytes_of(kTag), points);
    G::multiply_base_batch(masks, blinds);
    G::add_batch(points, blinds, points);
    G::encode_batch(points, out);
  }
  report(state, kBatch);
}
BENCHMARK(group_blind)->Unit(benchmark::kMillisecond);

void group_unblind(benchmark::State& state) {
  const auto answers = elements(kBatch);
  const auto masks = scalars(kBatch);
  const G::FixedBase key(elements(1)[0]);
  std::vector<G::Element> points(kBatch);
  std::vector<G::EncodedElement> out(kBatch);
  for (auto _ : state) {
    key.multiply_batch(masks, points);
    G::subtract_batch(answers, points, points);
    G::encode_batch(points, out);
  }
  report(state, kBatch);
}
BENCHMARK(group_unblind)->Unit(benchmark::kMillisecond);

void group_multiply_base(benchmark::State& state) {
  const auto masks = scalars(kBatch);
  std::vector<G::Element> out(kBatch);
  for (auto _ : state) {
    G::multiply_base_batch(masks, out);
  }
  report(state, kBatch);
}
BENCHMARK(group_multiply_base)->Unit(benchmark::kMillisecond);

void sodium_multiply_base(benchmark::State& state) {
  std::array<std::uint8_t, 32> k{};
  G::encode_scalar(a_scalar(1), k);
  std::array<std::uint8_t, 32> out{};
  for (auto _ : state) {
    benchmark::DoNotOptimize(crypto_scalarmult_ristretto255_base(out.data(), k.data()));
  }
  report(state, 1);
}
BENCHMARK(sodium_multiply_base);

/// A client on libsodium, without a proof to verify: blinds by multiplication a hash made before, unblinds by the
/// inverse, and hashes. Beside oprf_client_blind and oprf_client_verify_and_finalize.
void sodium_client(benchmark::State& state) {
  std::vector<std::array<std::uint8_t, 64>> hashes(kBatch);
  const auto texts = identifiers(kBatch);
  for (std::size_t i = 0; i < kBatch; ++i) {
    hashes[i] = hash::sha512({bytes_of(texts[i])});
  }
  std::array<std::uint8_t, 32> point{};
  std::array<std::uint8_t, 32> blinded{};
  std::array<std::uint8_t, 32> unblinded{};
  std::array<std::uint8_t, 32> mask{};
  std::array<std::uint8_t, 32> inverse{};
  std::array<std::uint8_t, 64> output{};
  for (auto _ : state) {
    for (const auto& hash : hashes) {
      crypto_core_ristretto255_from_hash(point.data(), hash.data());
      crypto_core_ristretto255_scalar_random(mask.data());
      if (crypto_scalarmult_ristretto255(blinded.data(), mask.data(), point.data()) != 0 ||
          crypto_core_ristretto255_scalar_invert(inverse.data(), mask.data()) != 0 ||
          crypto_scalarmult_ristretto255(unblinded.data(), inverse.data(), blinded.data()) != 0) {
        state.SkipWithError("libsodium refused an element");
        return;
      }
      crypto_hash_sha512(output.data(), unblinded.data(), unblinded.size());
      benchmark::DoNotOptimize(output);
    }
  }
  report(state, kBatch);
}
BENCHMARK(sodium_client)->Unit(benchmark::kMillisecond);

void group_make_fixed_base(benchmark::State& state) {
  const G::Element base = elements(1)[0];
  for (auto _ : state) {
    benchmark::DoNotOptimize(G::FixedBase(base));
  }
}
BENCHMARK(group_make_fixed_base);

}  // namespace
