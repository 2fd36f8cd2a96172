#include "blindbook/cpu/features.h"

#if defined(__x86_64__)
#include <cstdint>

#include <cpuid.h>
#endif

namespace blindbook::cpu {

#if defined(__x86_64__)
namespace {

/// The register sets that the operating system saves on a context switch (XCR0). Only after CPUID said
/// OSXSAVE.
std::uint64_t saved_registers() noexcept {
  std::uint32_t low = 0;
  std::uint32_t high = 0;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return static_cast<std::uint64_t>(high) << 32 | low;
}

constexpr bool has_all(std::uint64_t set, std::uint64_t wanted) noexcept {
  return (set & wanted) == wanted;
}

constexpr std::uint64_t kYmmSaved = 0x06;  // SSE and AVX state
constexpr std::uint64_t kZmmSaved = 0xe6;  // these and opmask, ZMM_Hi256, Hi16_ZMM

}  // namespace

Features detect_features() noexcept {
  Features features;
  unsigned eax = 0;
  unsigned ebx = 0;
  unsigned ecx = 0;
  unsigned edx = 0;
  if (__get_cpuid(1, &eax, &ebx, &ecx, &edx) == 0 || (ecx & bit_OSXSAVE) == 0) {
    return features;
  }
  const std::uint64_t saved = saved_registers();
  if (__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) == 0) {
    return features;
  }
  const bool ymm = has_all(saved, kYmmSaved);
  const bool zmm = has_all(saved, kZmmSaved);
  features.avx2 = ymm && (ebx & bit_AVX2) != 0;
  features.avx512f = zmm && (ebx & bit_AVX512F) != 0;
  features.avx512dq = zmm && (ebx & bit_AVX512DQ) != 0;
  features.avx512vl = zmm && (ebx & bit_AVX512VL) != 0;
  features.avx512ifma = zmm && (ebx & bit_AVX512IFMA) != 0;
  return features;
}
#else
Features detect_features() noexcept {
  return {};
}
#endif

}  // namespace blindbook::cpu
