// kernel_probe <expected>: exit 0 when the kernel of this process has the expected name, or its choice failed
// by the expected rule. "any" expects some kernel.
#include <iostream>
#include <string_view>

#include "blindbook/cpu/kernel_choice.h"

int main(int argc, char** argv) {
  const std::string_view expected = argc == 2 ? argv[1] : "";
  const auto& kernel = blindbook::cpu::kernel_in_use();
  const std::string_view got = kernel ? *kernel : kernel.error().rule;
  std::cout << got << '\n';
  return got == expected || (expected == "any" && kernel) ? 0 : 1;
}
