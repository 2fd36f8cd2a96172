#pragma once

// All of the common text, compiled for one kernel and into its namespace, and the Kernel that it makes. The
// order is that of its layers. To be included once, after words.h, field.h and memory.h of the kernel.
// clang-format off
#include "blindbook/group/kernel/common/memory.inl"
#include "blindbook/group/kernel/common/constants.inl"
#include "blindbook/group/kernel/common/scratch.inl"
#include "blindbook/group/kernel/common/power.inl"
#include "blindbook/group/kernel/common/point.inl"
#include "blindbook/group/kernel/common/ristretto.inl"
#include "blindbook/group/kernel/common/multiply.inl"
#include "blindbook/group/kernel/common/fixed.inl"
#include "blindbook/group/kernel/common/buckets.inl"
#include "blindbook/group/kernel/common/msm.inl"
#include "blindbook/group/kernel/common/operations.inl"
// clang-format on

namespace blindbook::group::kernel::BLINDBOOK_KERNEL {

constexpr Kernel make_kernel(std::string_view name) {
  return {
      .name = name,
      .decode = decode,
      .encode = encode,
      .from_uniform = from_uniform,
      .multiply = multiply,
      .multiply_double_encode = multiply_double_encode,
      .add = add,
      .subtract = subtract,
      .fixed_table_bytes = sizeof(FixedTable),
      .make_fixed_table = make_fixed_table,
      .multiply_fixed = multiply_fixed,
      .multi_scalar_multiply_vartime = multi_scalar_multiply_vartime,
      .equal = equal,
      .sha512_compress = nullptr,
  };
}

}  // namespace blindbook::group::kernel::BLINDBOOK_KERNEL
