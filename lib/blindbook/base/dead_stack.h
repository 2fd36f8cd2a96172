#pragma once

#include <cstddef>

/// What a function leaves on the stack when it returns: spilled registers, and the message blocks of
/// OpenSSL's hashes. No destructor knows of them.
namespace blindbook {

/// How far down wipe_dead_stack() reaches. The deepest work on secrets, multiplication of several points at a time,
/// takes 6 KiB on scalar51, 34 on ifma, 42 on avx2 and 44 on checked; tests/unit/oprf/stack_test.cpp looks for more.
inline constexpr std::size_t kDeadStackBytes = std::size_t{48} * 1024;

/// Overwrites the kDeadStackBytes bytes of stack below the caller's frame. Never inlined, or they would be bytes of that
/// frame.
[[gnu::noinline]] void wipe_dead_stack() noexcept;

namespace detail {

/// Apart, so that no local of `work` ends in the frame of the caller, which lives on.
template <class Work>
[[gnu::noinline]] auto call_apart(Work& work) -> decltype(work()) {
  return work();
}

}  // namespace detail

/// Calls `work` and returns what it returns, then overwrites where its frames were; also when it throws.
/// Registers, and frames deeper than kDeadStackBytes, are not covered. Costs about half a microsecond, so it stands
/// around batches and not around single operations.
template <class Work>
auto leave_no_stack(Work&& work) -> decltype(work()) {
  struct AtEnd {
    ~AtEnd() { wipe_dead_stack(); }
  };
  const AtEnd at_end;
  return detail::call_apart(work);
}

}  // namespace blindbook
