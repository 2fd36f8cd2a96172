#pragma once

#include <cstddef>
#include <utility>

/// Kernels are written in small functions that only pay when they dissolve into their callers. `checked`, whose
/// words are no registers, and all kernels under sanitizers are compiled with another definition: they would
/// become too large to compile.
#if !defined(BLINDBOOK_INLINE)
#define BLINDBOOK_INLINE inline __attribute__((always_inline))
#endif
/// For functions of several products: inlined everywhere they would outgrow the caches for instructions.
#define BLINDBOOK_OUTLINE inline __attribute__((noinline))
#define BLINDBOOK_INLINE_LAMBDA __attribute__((always_inline))

namespace blindbook::group::kernel {

template <std::size_t I>
struct Index {
  static constexpr std::size_t value = I;
};

template <class Function, std::size_t... I>
inline __attribute__((always_inline)) void unrolled(const Function& function, std::index_sequence<I...>) {
  (function(Index<I>{}), ...);
}
/// function(Index<0>), .., function(Index<Count - 1>): a loop that is unrolled whatever the optimiser's limits,
/// so that its arrays become registers.
template <std::size_t Count, class Function>
inline __attribute__((always_inline)) void unrolled(const Function& function) {
  unrolled(function, std::make_index_sequence<Count>{});
}

}  // namespace blindbook::group::kernel
