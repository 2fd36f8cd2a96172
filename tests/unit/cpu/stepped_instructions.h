#pragma once

#include <cstdint>

namespace blindbook::test_support {

/// Whether step_through() counts here: on x86-64, and where no sanitizer's instructions hide those of what it calls.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define BLINDBOOK_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define BLINDBOOK_SANITIZED 1
#endif
#endif
#if defined(__x86_64__) && !defined(BLINDBOOK_SANITIZED)
inline constexpr bool kCanStep = true;
#else
inline constexpr bool kCanStep = false;
#endif

/// Instructions that a call went through.
struct InstructionCounts {
  std::uint64_t all = 0;
  std::uint64_t evex = 0;  ///< of AVX-512, by their prefix
  std::uint64_t ifma = 0;  ///< vpmadd52luq and vpmadd52huq among these
  std::uint64_t avx2 = 0;  ///< vpmuludq on 256 bits, with the prefix of AVX
};

/// Calls `function` with the processor's trap flag set, so that it stops at every instruction, and counts the first
/// 20,000, which take some microseconds each, tens of them in virtual machines. One thread at a time. All zero where
/// kCanStep is false.
[[nodiscard]] InstructionCounts step_through(void (*function)());

}  // namespace blindbook::test_support
