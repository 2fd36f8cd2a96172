#include "blindbook/cpu/features.h"

#include <fstream>
#include <string>

#include <catch2/catch.hpp>

using namespace blindbook;

TEST_CASE("features agree with what the operating system lists") {
  std::ifstream file("/proc/cpuinfo");
  std::string line;
  while (std::getline(file, line) && !line.starts_with("flags")) {
  }
  if (line.empty()) {
    WARN("no /proc/cpuinfo with flags on this system");
    return;
  }
  line += ' ';
  const auto listed = [&](const std::string& flag) {
    return line.find(' ' + flag + ' ') != std::string::npos;
  };
  const cpu::Features features = cpu::detect_features();
  CHECK(features.avx2 == listed("avx2"));
  CHECK(features.avx512f == listed("avx512f"));
  CHECK(features.avx512dq == listed("avx512dq"));
  CHECK(features.avx512vl == listed("avx512vl"));
  CHECK(features.avx512ifma == listed("avx512ifma"));
}
