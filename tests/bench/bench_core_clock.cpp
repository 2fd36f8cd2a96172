// How fast the core runs while the other benchmarks do, to turn times into cycles: the time-stamp counter and what the
// system calls MHz say nothing about that. A chain of multiplications, each of which waits three cycles for the one
// before on x86-64 processors of AMD and Intel.
#include <benchmark/benchmark.h>

namespace {

#if defined(__x86_64__)
void core_clock(benchmark::State& state) {
  constexpr int kLinks = 10'000;
  std::uint64_t value = 3;
  for (auto _ : state) {
    for (int i = 0; i < kLinks / 8; ++i) {
      __asm__ volatile(
          "imul %0, %0\n\timul %0, %0\n\timul %0, %0\n\timul %0, %0\n\t"
          "imul %0, %0\n\timul %0, %0\n\timul %0, %0\n\timul %0, %0"
          : "+r"(value));
    }
  }
  benchmark::DoNotOptimize(value);
  state.counters["GHz"] = benchmark::Counter(3e-9 * kLinks, benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(core_clock);
#endif

}  // namespace
