// kernel_probe <expected>: exit 0 when the kernel of this process has the expected name and the group computes with it,
// or its choice failed by the expected rule. "any" expects some kernel. Exit 77 when this machine cannot run the
// expected kernel.
//
// Names can lie, instructions cannot: where the processor can be stepped, a batch is decoded one instruction at a time,
// and what the kernel is made of must be among them, and nothing of a larger instruction set.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <iterator>
#include <string_view>

#include "blindbook/cpu/kernel_choice.h"
#include "blindbook/group/kernel/kernel.h"

#include "tests/unit/cpu/stepped_instructions.h"

namespace {

using namespace blindbook;

constexpr std::size_t kPoints = 16;
std::uint8_t encoded[kPoints][32];
group::kernel::ExtendedPoint points[kPoints];
std::size_t (*decode)(const std::uint8_t*, std::size_t, group::kernel::ExtendedPoint*);

/// Makes a batch of the base point ready (RFC 9496, appendix A.1), so that nothing but the kernel is stepped through.
void prepare() {
  constexpr std::uint8_t kBase[32] = {0xe2, 0xf2, 0xae, 0x0a, 0x6a, 0xbc, 0x4e, 0x71, 0xa8, 0x84, 0xa9,
                                      0x61, 0xc5, 0x00, 0x51, 0x5f, 0x58, 0xe3, 0x0b, 0x6a, 0xa5, 0x82,
                                      0xdd, 0x8d, 0xb6, 0xa6, 0x59, 0x45, 0xe0, 0x8d, 0x2d, 0x76};
  for (auto& encoding : encoded) {
    std::copy(std::begin(kBase), std::end(kBase), encoding);
  }
  decode = group::kernel::active().decode;
}

void decode_batch() {
  decode(encoded[0], kPoints, points);
}

bool is_made_of_what_its_name_says(std::string_view kernel, const test_support::InstructionCounts& counts) {
  std::cout << counts.all << " instructions: " << counts.ifma << " multiply-adds of 52 bits, " << counts.avx2
            << " multiplications in 256 bits, " << counts.evex << " of AVX-512\n";
  constexpr std::uint64_t kMany = 1000;
  constexpr std::uint64_t kFew = 100;  // memcpy and its kind choose for themselves
  if (counts.all < kMany) {
    return false;
  }
  if (kernel == "ifma") {
    return counts.ifma > kMany;
  }
  return counts.evex < kFew && counts.ifma == 0 &&
         (kernel == "avx2" ? counts.avx2 > kMany : counts.avx2 == 0);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view expected = argc == 2 ? argv[1] : "";
  for (const auto& kernel : cpu::kernels()) {
    if (kernel.name == expected && !kernel.runs_on(cpu::detect_features())) {
      std::cout << "absent on this machine: " << expected << '\n';
      return 77;
    }
  }
  const auto& choice = cpu::kernel_in_use();
  const std::string_view got = choice ? *choice : choice.error().rule;
  std::cout << got << '\n';
  if (choice && group::kernel::active().name != got) {
    std::cout << "but the group computes with " << group::kernel::active().name << '\n';
    return 1;
  }
  if (choice && test_support::kCanStep) {
    prepare();
    if (!is_made_of_what_its_name_says(*choice, test_support::step_through(decode_batch))) {
      return 1;
    }
  }
  return got == expected || (expected == "any" && choice) ? 0 : 1;
}
