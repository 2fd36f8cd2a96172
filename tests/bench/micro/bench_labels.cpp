// Labels under keys derived from PRF outputs: HKDF, sealing, opening, handles.
#include "blindbook/directory/label_seal.h"
#include "blindbook/hash/hkdf.h"

#include "tests/bench/micro/inputs.h"

namespace {

using namespace blindbook;
using namespace blindbook::bench;
using directory::LabelSealer;
using test_support::DeterministicRandom;

constexpr std::uint16_t kLabelBytes = 24;

void hkdf_extract(benchmark::State& state) {
  const Bytes prf_output = DeterministicRandom(3).bytes(64);
  for (auto _ : state) {
    benchmark::DoNotOptimize(hash::hkdf_extract(G::kHash, bytes_of("salt"), prf_output));
  }
}
BENCHMARK(hkdf_extract);

void hkdf_expand(benchmark::State& state) {
  const Bytes key = DeterministicRandom(3).bytes(64);
  std::array<std::uint8_t, 32> out{};
  for (auto _ : state) {
    hash::hkdf_expand(G::kHash, key, bytes_of("info"), out);
    benchmark::DoNotOptimize(out);
  }
}
BENCHMARK(hkdf_expand);

struct Sealing {
  LabelSealer sealer{SuiteId::kRistretto255Sha512, EpochId(), kLabelBytes};
  Bytes prf_output = DeterministicRandom(3).bytes(64);
  Bytes sealed = Bytes(directory::sealed_bytes(kLabelBytes));
};

void label_seal(benchmark::State& state) {
  Sealing s;
  for (auto _ : state) {
    if (!s.sealer.seal(s.prf_output, "anna.example", s.sealed)) {
      state.SkipWithError("the label was refused");
      return;
    }
    benchmark::DoNotOptimize(s.sealed.data());
  }
  report(state, 1);
}
BENCHMARK(label_seal);

void label_open(benchmark::State& state) {
  Sealing s;
  static_cast<void>(s.sealer.seal(s.prf_output, "anna.example", s.sealed));
  for (auto _ : state) {
    if (!s.sealer.open(s.prf_output, s.sealed)) {
      state.SkipWithError("the label did not open");
      return;
    }
  }
  report(state, 1);
}
BENCHMARK(label_open);

void label_handle(benchmark::State& state) {
  Sealing s;
  for (auto _ : state) {
    benchmark::DoNotOptimize(s.sealer.handle(s.prf_output));
  }
  report(state, 1);
}
BENCHMARK(label_handle);

}  // namespace
