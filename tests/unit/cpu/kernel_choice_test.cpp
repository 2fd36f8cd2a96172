#include "blindbook/cpu/kernel_choice.h"

#include <set>
#include <string>

#include <catch2/catch.hpp>

using namespace blindbook;

TEST_CASE("the last kernel runs on a machine without features") {
  REQUIRE_FALSE(cpu::kernels().empty());
  CHECK(cpu::kernels().back().name == "scalar51");
  CHECK(cpu::kernels().back().runs_on(cpu::Features{}));
  CHECK(cpu::choose_kernel(cpu::Features{}, std::nullopt) == std::string_view("scalar51"));
}

TEST_CASE("kernel names are unique") {
  std::set<std::string_view> names;
  for (const auto& kernel : cpu::kernels()) {
    CHECK(names.insert(kernel.name).second);
  }
}

TEST_CASE("a forced kernel is chosen where it runs") {
  const cpu::Features here = cpu::detect_features();
  for (const auto& kernel : cpu::kernels()) {
    const auto choice = cpu::choose_kernel(here, kernel.name);
    if (kernel.runs_on(here)) {
      CHECK(choice == kernel.name);
    } else {
      REQUIRE_FALSE(choice);
      CHECK(choice.error().rule == "cpu.kernel-unsupported");
    }
  }
}

TEST_CASE("an unknown forced kernel is bad input and the error lists the valid names") {
  for (const std::string_view forced : {"abacus", "", "SCALAR51", "scalar51 "}) {
    const auto choice = cpu::choose_kernel(cpu::detect_features(), forced);
    REQUIRE_FALSE(choice);
    CHECK(choice.error().fault == Fault::kBadInput);
    CHECK(choice.error().rule == "cpu.kernel-unknown");
    CHECK(choice.error().hint.find("scalar51") != std::string::npos);
  }
}
