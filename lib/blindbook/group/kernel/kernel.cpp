#include "blindbook/group/kernel/kernel.h"

#include <stdexcept>

#include "blindbook/cpu/kernel_choice.h"
#include "blindbook/group/kernel/scalar51/kernel.h"

namespace blindbook::group::kernel {
namespace {

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
  for (const Kernel* kernel : {&scalar51::kKernel}) {
    if (kernel->name == name) {
      return kernel;
    }
  }
  return nullptr;
}

}  // namespace blindbook::group::kernel
