#include "blindbook/group/kernel/checked/kernel.h"

#include <stdexcept>

#include "blindbook/base/constant_time.h"
#include "blindbook/group/kernel/checked/field.h"
#include "blindbook/group/kernel/checked/memory.h"

#define BLINDBOOK_KERNEL checked
#include "blindbook/group/kernel/common/table.inl"
// The hash stands on the table's text.
#include "blindbook/group/kernel/common/sha512.inl"

namespace blindbook::group::kernel::checked {
namespace {

constexpr Kernel kUnguarded = make_kernel("checked");

void throw_if_broken() {
  // No secret: a bound that holds holds for all inputs.
  if (declassify(broken_bounds != 0)) {
    broken_bounds = 0;
    throw std::logic_error("kernel checked: a bound was broken");
  }
}

/// A function of the kernel that looks, when it is done, whether a bound was broken.
template <auto Function>
struct Guarded;
template <class Result, class... Arguments, Result (*Function)(Arguments...)>
struct Guarded<Function> {
  static Result call(Arguments... arguments) {
    if constexpr (std::is_void_v<Result>) {
      Function(arguments...);
      throw_if_broken();
    } else {
      const Result result = Function(arguments...);
      throw_if_broken();
      return result;
    }
  }
};

}  // namespace

constinit const Kernel kKernel = {
    .name = kUnguarded.name,
    .decode = Guarded<kUnguarded.decode>::call,
    .encode = Guarded<kUnguarded.encode>::call,
    .from_uniform = Guarded<kUnguarded.from_uniform>::call,
    .multiply = Guarded<kUnguarded.multiply>::call,
    .multiply_double_encode = Guarded<kUnguarded.multiply_double_encode>::call,
    .add = Guarded<kUnguarded.add>::call,
    .subtract = Guarded<kUnguarded.subtract>::call,
    .fixed_table_bytes = kUnguarded.fixed_table_bytes,
    .make_fixed_table = Guarded<kUnguarded.make_fixed_table>::call,
    .multiply_fixed = Guarded<kUnguarded.multiply_fixed>::call,
    .multi_scalar_multiply_vartime = Guarded<kUnguarded.multi_scalar_multiply_vartime>::call,
    .equal = Guarded<kUnguarded.equal>::call,
    .sha512_compress = Guarded<sha512_compress>::call,
};

}  // namespace blindbook::group::kernel::checked
