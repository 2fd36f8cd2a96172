#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "blindbook/base/error.h"
#include "blindbook/cpu/features.h"

namespace blindbook::cpu {

/// The environment variable that forces a kernel.
inline constexpr const char* kKernelVariable = "BLINDBOOK_KERNEL";

/// An implementation of the batch arithmetic, by the name of its folder in group/kernel.
struct KernelDescription {
  std::string_view name;
  bool (*runs_on)(const Features&) noexcept;
};

/// All kernels of this build, the fastest first. `scalar51` runs everywhere; what follows it, `checked` in builds
/// with tests, is chosen only when it is forced.
[[nodiscard]] std::span<const KernelDescription> kernels() noexcept;

/// The name of the kernel for a machine: the forced one, or the first that runs there. A forced name that is
/// unknown is BadInput "cpu.kernel-unknown", one that the machine cannot run "cpu.kernel-unsupported"; both
/// list the names that would do.
[[nodiscard]] Result<std::string_view> choose_kernel(const Features& features,
                                                     std::optional<std::string_view> forced);

/// The kernel of this process: this machine's features and BLINDBOOK_KERNEL, read at the first call and fixed
/// from then on. A program asks at its start and ends on an error; group operations throw std::runtime_error
/// if it did not. An empty variable forces nothing.
[[nodiscard]] const Result<std::string_view>& kernel_in_use();

}  // namespace blindbook::cpu
