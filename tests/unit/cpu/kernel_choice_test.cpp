#include "blindbook/cpu/kernel_choice.h"

#include <set>
#include <string>

#include <catch2/catch.hpp>

using namespace blindbook;

TEST_CASE("a machine without features runs scalar51") {
  CHECK(cpu::choose_kernel(cpu::Features{}, std::nullopt) == std::string_view("scalar51"));
}

TEST_CASE("the fastest kernel of a machine is chosen and the watched one only when forced") {
  cpu::Features all;
  all.avx2 = all.avx512f = all.avx512dq = all.avx512vl = all.avx512ifma = true;
  CHECK(cpu::choose_kernel(all, std::nullopt) == cpu::kernels().front().name);
  CHECK(cpu::kernels().front().name != "checked");
  CHECK(cpu::choose_kernel(cpu::Features{}, "checked") == std::string_view("checked"));
}

TEST_CASE("a vector kernel is not offered while one of the extensions that its code uses is missing") {
  cpu::Features all;
  all.avx2 = all.avx512f = all.avx512dq = all.avx512vl = all.avx512ifma = true;
  for (bool cpu::Features::*extension : {&cpu::Features::avx512f, &cpu::Features::avx512dq,
                                         &cpu::Features::avx512vl, &cpu::Features::avx512ifma}) {
    cpu::Features lacking = all;
    lacking.*extension = false;
    CHECK_FALSE(cpu::choose_kernel(lacking, "ifma"));
  }
  all.avx2 = false;
  CHECK_FALSE(cpu::choose_kernel(all, "avx2"));
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
