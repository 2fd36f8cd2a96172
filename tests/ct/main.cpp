// `ct_memcheck AREA`, under valgrind: runs one area, which must not be reported, and then plants errors in
// what came out of it, each of which must be. `ct_memcheck --list` names the areas. Exit 77 when this machine
// cannot run the kernel that the environment forces.
#include <cstdio>
#include <cstring>
#include <iostream>
#include <string>
#include <vector>

#include "blindbook/base/constant_time.h"
#include "blindbook/cpu/kernel_choice.h"

#include "tests/ct/watch.h"

// The linker puts these in the place of declassify(): --wrap, in CMakeLists.txt. The names are the linker's.
extern "C" {
// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming)
bool __wrap__ZN9blindbook10declassifyEb(bool fact);
bool __wrap__ZN9blindbook10declassifyEb(bool fact) {
  VALGRIND_MAKE_MEM_DEFINED(&fact, sizeof fact);
  return fact;
}
void __wrap__ZN9blindbook10declassifyEPKvm(const void* bytes, std::size_t size);
void __wrap__ZN9blindbook10declassifyEPKvm(const void* bytes, std::size_t size) {
  VALGRIND_MAKE_MEM_DEFINED(bytes, size);
}
// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)
}

namespace blindbook::ct {
namespace {

std::vector<Area> all_areas() {
  std::vector<Area> all;
  for (auto list : {hash_areas(), group_areas(), oprf_areas(), label_areas()}) {
    all.insert(all.end(), list.begin(), list.end());
  }
  return all;
}

/// Keeps what is computed for its own sake from being optimised away.
volatile unsigned sink = 0;

/// All bytes in one, so that it is secret when any of them is.
std::uint8_t folded(const Bytes& bytes) {
  std::uint8_t fold = 0;
  for (const std::uint8_t byte : bytes) {
    fold = static_cast<std::uint8_t>(fold ^ byte);
  }
  return fold;
}

void branch_on(std::uint8_t secret) {
  if ((secret & 1) != 0) {
    std::puts("  (odd)");  // more than a conditional move can do
  }
}

void look_up_by(std::uint8_t secret) {
  static volatile unsigned table[256];
  sink = table[secret];
}

/// Whether memcheck reports `leak`.
bool reports(const Plant& plant) {
  const auto before = VALGRIND_COUNT_ERRORS;
  std::cout << "planted: " << plant.name << std::endl;
  plant.leak();
  return VALGRIND_COUNT_ERRORS > before;
}

int watch(const Area& area) {
  const Bytes residue = area.work();
  if (VALGRIND_COUNT_ERRORS != 0) {
    std::cout << area.name << ": branches on a secret or addresses by one, see above\n";
    return 1;
  }
  const std::uint8_t secret = folded(residue);
  std::vector<Plant> plants = {{"branch", [&] { branch_on(secret); }},
                               {"table index", [&] { look_up_by(secret); }}};
  plants.insert(plants.end(), area.plants.begin(), area.plants.end());
  for (const Plant& plant : plants) {
    if (!reports(plant)) {
      std::cout << area.name << ": a planted " << plant.name << " was not reported\n";
      return 1;
    }
  }
  std::cout << area.name << ": clean, and every planted leak was reported\n";
  return 0;
}

int run(const std::string& argument) {
  for (const Area& area : all_areas()) {
    if (argument == "--list") {
      std::cout << area.name << '\n';
    } else if (argument == area.name) {
      return watch(area);
    }
  }
  return argument == "--list" ? 0 : 2;
}

}  // namespace
}  // namespace blindbook::ct

int main(int argc, char** argv) {
  if (argc != 2 || (RUNNING_ON_VALGRIND == 0 && std::strcmp(argv[1], "--list") != 0)) {
    std::cerr << "usage: valgrind ct_memcheck AREA\n";
    return 2;
  }
  const auto& kernel = blindbook::cpu::kernel_in_use();
  if (!kernel) {
    std::cerr << kernel.error().message << '\n';
    return kernel.error().rule == "cpu.kernel-unsupported" ? 77 : 2;
  }
  return blindbook::ct::run(argv[1]);
}
