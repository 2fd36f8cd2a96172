// kernel_probe <expected>: exit 0 when the kernel of this process has the expected name and the group calls its
// functions, or its choice failed by the expected rule. "any" expects some kernel. Exit 77 when this machine
// cannot run the expected kernel.
#include <iostream>
#include <string_view>

#include "blindbook/cpu/kernel_choice.h"
#include "blindbook/group/kernel/kernel.h"

int main(int argc, char** argv) {
  const std::string_view expected = argc == 2 ? argv[1] : "";
  for (const auto& kernel : blindbook::cpu::kernels()) {
    if (kernel.name == expected && !kernel.runs_on(blindbook::cpu::detect_features())) {
      std::cout << "absent on this machine: " << expected << '\n';
      return 77;
    }
  }
  const auto& choice = blindbook::cpu::kernel_in_use();
  const std::string_view got = choice ? *choice : choice.error().rule;
  std::cout << got << '\n';
  if (choice && blindbook::group::kernel::active().name != got) {
    std::cout << "but the group computes with " << blindbook::group::kernel::active().name << '\n';
    return 1;
  }
  return got == expected || (expected == "any" && choice) ? 0 : 1;
}
