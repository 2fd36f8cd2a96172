#pragma once

/// Kernels are written in small functions that only pay when they dissolve into their callers. `checked`, whose
/// words are no registers, is compiled with another definition: it would become too large to compile.
#if !defined(BLINDBOOK_INLINE)
#define BLINDBOOK_INLINE inline __attribute__((always_inline))
#endif
/// For functions of several products: inlined everywhere they would outgrow the caches for instructions.
#define BLINDBOOK_OUTLINE inline __attribute__((noinline))
