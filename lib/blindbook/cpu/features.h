#pragma once

namespace blindbook::cpu {

/// What this machine offers a kernel: the processor has the instructions and the operating system saves the
/// registers.
struct Features {
  bool avx2 = false;
  bool avx512f = false;
  bool avx512dq = false;
  bool avx512vl = false;
  bool avx512ifma = false;
};

/// Asks the processor (CPUID, XGETBV). All false on anything but x86-64.
[[nodiscard]] Features detect_features() noexcept;

}  // namespace blindbook::cpu
