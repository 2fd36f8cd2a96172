#pragma once

#include <cstddef>
#include <vector>

#include "blindbook/base/bytes.h"
#include "blindbook/cpu/kernel_choice.h"
#include "blindbook/group/kernel/kernel.h"

#include "tests/support/deterministic_random.h"

/// What tests of hashing side by side share.
namespace blindbook::group::test {

inline std::vector<const kernel::Kernel*> runnable_kernels() {
  std::vector<const kernel::Kernel*> kernels;
  for (const auto& description : cpu::kernels()) {
    if (description.runs_on(cpu::detect_features())) {
      kernels.push_back(kernel::find(description.name));
    }
  }
  return kernels;
}

/// Messages of these lengths, all different.
inline std::vector<Bytes> messages_of(const std::vector<std::size_t>& lengths) {
  test_support::DeterministicRandom random(50);
  std::vector<Bytes> out;
  for (const std::size_t length : lengths) {
    random.fill(out.emplace_back(length));
  }
  return out;
}

}  // namespace blindbook::group::test
