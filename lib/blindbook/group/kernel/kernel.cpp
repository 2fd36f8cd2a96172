#include "blindbook/group/kernel/kernel.h"

#include <stdexcept>

#include "blindbook/base/constant_time.h"
#include "blindbook/cpu/kernel_choice.h"
#include "blindbook/group/kernel/scalar51/kernel.h"
#include "blindbook/group/kernel/wipe.h"
#if defined(BLINDBOOK_KERNEL_IFMA)
#include "blindbook/group/kernel/ifma/kernel.h"
#endif
#if defined(BLINDBOOK_KERNEL_AVX2)
#include "blindbook/group/kernel/avx2/kernel.h"
#endif
#if defined(BLINDBOOK_KERNEL_CHECKED)
#include "blindbook/group/kernel/checked/kernel.h"
#endif

namespace blindbook::group::kernel {
namespace {

constexpr const Kernel* kKernels[] = {
#if defined(BLINDBOOK_KERNEL_IFMA)
    &ifma::kKernel,
#endif
#if defined(BLINDBOOK_KERNEL_AVX2)
    &avx2::kKernel,
#endif
    &scalar51::kKernel,
#if defined(BLINDBOOK_KERNEL_CHECKED)
    &checked::kKernel,
#endif
};

const Kernel& chosen() {
  const auto& choice = cpu::kernel_in_use();
  if (!choice) {
    throw std::runtime_error(choice.error().message);
  }
  const Kernel* kernel = find(*choice);
  if (kernel == nullptr) {
    throw std::runtime_error("the chosen kernel is not in this build");
  }
  return *kernel;
}

}  // namespace

const Kernel& active() {
  static const Kernel& kernel = chosen();
  return kernel;
}

const Kernel* find(std::string_view name) noexcept {
  for (const Kernel* kernel : kKernels) {
    if (kernel->name == name) {
      return kernel;
    }
  }
  return nullptr;
}

void wipe_memory(void* memory, std::size_t size) noexcept {
  blindbook::wipe({static_cast<std::uint8_t*>(memory), size});
}

}  // namespace blindbook::group::kernel
