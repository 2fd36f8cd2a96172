#pragma once

#include <cstddef>
#include <functional>
#include <stdexcept>

#include <ucontext.h>

#include "blindbook/base/bytes.h"

/// What functions that have returned leave on the stack, where nobody's destructor looks.
namespace blindbook::test_support {

/// Runs `work`, which must not throw, on a stack of its own, and returns all of that stack as it then is: the
/// frames are dead, the bytes still there. Not under sanitizers, which keep stacks of their own.
[[nodiscard]] inline Bytes stack_after(const std::function<void()>& work) {
  Bytes stack(std::size_t{512} * 1024);
  static const std::function<void()>* job = nullptr;
  job = &work;
  ucontext_t back;
  ucontext_t there;
  if (getcontext(&there) != 0) {
    throw std::runtime_error("no context");
  }
  there.uc_stack.ss_sp = stack.data();
  there.uc_stack.ss_size = stack.size();
  there.uc_link = &back;
  makecontext(
      &there, [] { (*job)(); }, 0);
  if (swapcontext(&back, &there) != 0) {
    throw std::runtime_error("no context");
  }
  return stack;
}

}  // namespace blindbook::test_support
