#include "tests/unit/cpu/stepped_instructions.h"

#if defined(__x86_64__)
#include <csignal>

#include <ucontext.h>
#endif

namespace blindbook::test_support {

#if defined(__x86_64__)
namespace {

InstructionCounts counted;  // by the handler of this process
constexpr std::uint64_t kEnough = 20'000;
constexpr greg_t kTrapFlag = 0x100;

constexpr std::uint8_t kEvex = 0x62;
constexpr std::uint8_t kVex2 = 0xc5;
constexpr std::uint8_t kVex3 = 0xc4;

// Intel, Software Developer's Manual, volume 2, sections 2.3 and 2.7: prefix, then the opcode.
void count(const std::uint8_t* at) {
  ++counted.all;
  if (at[0] == kEvex) {
    ++counted.evex;
    const bool map_0f38 = (at[1] & 0x07) == 2;
    counted.ifma += map_0f38 && (at[4] == 0xb4 || at[4] == 0xb5) ? 1 : 0;
    return;
  }
  constexpr std::uint8_t kMultiply = 0xf4;  // 66 0F F4
  const bool short_form = at[0] == kVex2 && (at[1] & 0x07) == 0x05 && at[2] == kMultiply;
  const bool long_form =
      at[0] == kVex3 && (at[1] & 0x1f) == 1 && (at[2] & 0x07) == 0x05 && at[3] == kMultiply;
  counted.avx2 += short_form || long_form ? 1 : 0;
}

void on_trap(int, siginfo_t*, void* context) {
  greg_t* const registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
  count(reinterpret_cast<const std::uint8_t*>(registers[REG_RIP]));
  if (counted.all == kEnough) {
    registers[REG_EFL] &= ~kTrapFlag;
  }
}

// The stack below the pointer may be in use (the red zone), so it is stepped over first.
void set_trap_flag() {
  __asm__ volatile("sub $128, %%rsp\n pushfq\n orq $0x100, (%%rsp)\n popfq\n add $128, %%rsp\n" ::
                       : "memory", "cc");
}
void clear_trap_flag() {
  __asm__ volatile("sub $128, %%rsp\n pushfq\n andq $~0x100, (%%rsp)\n popfq\n add $128, %%rsp\n" ::
                       : "memory", "cc");
}

}  // namespace

InstructionCounts step_through(void (*function)()) {
  struct sigaction action {};
  struct sigaction before {};
  action.sa_sigaction = on_trap;
  action.sa_flags = SA_SIGINFO;
  sigaction(SIGTRAP, &action, &before);
  counted = {};
  set_trap_flag();
  function();
  clear_trap_flag();
  sigaction(SIGTRAP, &before, nullptr);
  return counted;
}
#else
InstructionCounts step_through(void (*)()) {
  return {};
}
#endif

}  // namespace blindbook::test_support
