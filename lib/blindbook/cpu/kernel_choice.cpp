#include "blindbook/cpu/kernel_choice.h"

#include <cstdlib>
#include <string>

namespace blindbook::cpu {
namespace {

constexpr KernelDescription kKernels[] = {
#if defined(BLINDBOOK_KERNEL_IFMA)
    {"ifma",
     [](const Features& f) noexcept {
       return f.avx2 && f.avx512f && f.avx512dq && f.avx512vl && f.avx512ifma;
     }},
#endif
#if defined(BLINDBOOK_KERNEL_AVX2)
    {"avx2", [](const Features& f) noexcept { return f.avx2; }},
#endif
    {"scalar51", [](const Features&) noexcept { return true; }},
#if defined(BLINDBOOK_KERNEL_CHECKED)
    {"checked", [](const Features&) noexcept { return true; }},
#endif
};

std::string names_for(const Features& features) {
  std::string names;
  for (const KernelDescription& kernel : kKernels) {
    if (kernel.runs_on(features)) {
      names += names.empty() ? "" : ", ";
      names += kernel.name;
    }
  }
  return names;
}

std::optional<std::string_view> forced_by_environment() {
  const char* value = std::getenv(kKernelVariable);
  if (value == nullptr || *value == '\0') {
    return std::nullopt;
  }
  return value;
}

}  // namespace

std::span<const KernelDescription> kernels() noexcept {
  return kKernels;
}

Result<std::string_view> choose_kernel(const Features& features, std::optional<std::string_view> forced) {
  for (const KernelDescription& kernel : kKernels) {
    if (forced && kernel.name != *forced) {
      continue;
    }
    if (kernel.runs_on(features)) {
      return kernel.name;
    }
    if (forced) {
      return bad_input("cpu.kernel-unsupported",
                       "this machine cannot run the kernel '" + std::string(*forced) + "' that " +
                           kKernelVariable + " asks for",
                       "kernels of this machine: " + names_for(features));
    }
  }
  return bad_input("cpu.kernel-unknown",
                   std::string(kKernelVariable) + " names no kernel: '" + std::string(*forced) + "'",
                   "kernels of this machine: " + names_for(features));
}

const Result<std::string_view>& kernel_in_use() {
  static const Result<std::string_view> choice = choose_kernel(detect_features(), forced_by_environment());
  return choice;
}

}  // namespace blindbook::cpu
