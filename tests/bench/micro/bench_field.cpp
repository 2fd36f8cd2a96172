// Products and squares modulo p, each carried to be the operand of the next, in the kernel that the process uses.
// per_element is one product of one lane; times the lanes it is one run through the text of the product.
#include <array>
#include <numeric>

#include "blindbook/group/kernel/kernel.h"

#include "tests/bench/micro/field/loops.h"
#include "tests/bench/micro/inputs.h"

namespace blindbook::group::kernel {

namespace scalar51 {
extern const bench::FieldLoops kFieldLoops;
}
namespace avx2 {
extern const bench::FieldLoops kFieldLoops;
}
namespace ifma {
extern const bench::FieldLoops kFieldLoops;
}

}  // namespace blindbook::group::kernel

namespace {

using namespace blindbook;
using namespace blindbook::bench;

constexpr const FieldLoops* kLoops[] = {
    &group::kernel::scalar51::kFieldLoops,
#if defined(BLINDBOOK_KERNEL_AVX2)
    &group::kernel::avx2::kFieldLoops,
#endif
#if defined(BLINDBOOK_KERNEL_IFMA)
    &group::kernel::ifma::kFieldLoops,
#endif
};

void time_loop(benchmark::State& state, void (*FieldLoops::*loop)(std::size_t, std::uint64_t*)) {
  constexpr std::size_t kSteps = 1'000;
  for (const FieldLoops* loops : kLoops) {
    if (loops->name == group::kernel::active().name) {
      for (auto _ : state) {
        std::array<std::uint64_t, kMostWords> words{};
        std::iota(words.begin(), words.end(), 1'000'000);
        (loops->*loop)(kSteps, words.data());
        benchmark::DoNotOptimize(words);
      }
      report(state, kSteps * kChains * loops->lanes);
      state.counters["lanes"] = static_cast<double>(loops->lanes);
      return;
    }
  }
  state.SkipWithError("there are no loops for this kernel");
}

void field_multiply(benchmark::State& state) {
  time_loop(state, &FieldLoops::multiply);
}
BENCHMARK(field_multiply);

void field_square(benchmark::State& state) {
  time_loop(state, &FieldLoops::square);
}
BENCHMARK(field_square);

}  // namespace
