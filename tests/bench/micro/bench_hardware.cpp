// What the core does while the other benchmarks run, to turn times into cycles and to say how far they are from what the
// hardware could do: the time-stamp counter and what the system calls MHz say nothing about that.
#include <benchmark/benchmark.h>

#include "blindbook/cpu/features.h"

namespace {

#if defined(__x86_64__)
constexpr int kRounds = 1'000;

void report_rate(benchmark::State& state, const char* name, double in_one_iteration) {
  state.counters[name] = benchmark::Counter(in_one_iteration, benchmark::Counter::kIsIterationInvariantRate);
}

/// A chain of multiplications, each of which waits three cycles for the one before on x86-64 processors of AMD and
/// Intel.
void core_clock(benchmark::State& state) {
  std::uint64_t value = 3;
  for (auto _ : state) {
    for (int i = 0; i < kRounds; ++i) {
      __asm__ volatile(
          "imul %0, %0\n\timul %0, %0\n\timul %0, %0\n\timul %0, %0\n\t"
          "imul %0, %0\n\timul %0, %0\n\timul %0, %0\n\timul %0, %0"
          : "+r"(value));
    }
  }
  benchmark::DoNotOptimize(value);
  report_rate(state, "cycles", 3.0 * 8 * kRounds);
}
BENCHMARK(core_clock);

/// The multiply-adds of eight 52-bit factors that the kernel ifma is made of, twelve at a time that do not wait for each
/// other. Over core_clock's cycles that is how many the processor starts in one.
void multiply_adds_ifma(benchmark::State& state) {
  const blindbook::cpu::Features here = blindbook::cpu::detect_features();
  if (!here.avx512f || !here.avx512ifma) {
    state.SkipWithError("this machine has no AVX-512 IFMA");
    return;
  }
  for (auto _ : state) {
    for (int i = 0; i < kRounds; ++i) {
      __asm__ volatile(
          "vpmadd52luq %%zmm14, %%zmm15, %%zmm0\n\tvpmadd52huq %%zmm14, %%zmm15, %%zmm1\n\t"
          "vpmadd52luq %%zmm14, %%zmm15, %%zmm2\n\tvpmadd52huq %%zmm14, %%zmm15, %%zmm3\n\t"
          "vpmadd52luq %%zmm14, %%zmm15, %%zmm4\n\tvpmadd52huq %%zmm14, %%zmm15, %%zmm5\n\t"
          "vpmadd52luq %%zmm14, %%zmm15, %%zmm6\n\tvpmadd52huq %%zmm14, %%zmm15, %%zmm7\n\t"
          "vpmadd52luq %%zmm14, %%zmm15, %%zmm8\n\tvpmadd52huq %%zmm14, %%zmm15, %%zmm9\n\t"
          "vpmadd52luq %%zmm14, %%zmm15, %%zmm10\n\tvpmadd52huq %%zmm14, %%zmm15, %%zmm11" ::
              : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10",
                "xmm11");
    }
    __asm__ volatile("vzeroupper" ::: "xmm0");
  }
  report_rate(state, "multiply_adds", 12.0 * kRounds);
}
BENCHMARK(multiply_adds_ifma);
#endif

}  // namespace
