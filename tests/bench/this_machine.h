#pragma once

#include <cstddef>
#include <fstream>
#include <string>
#include <string_view>

/// What a result says of where it was measured.
namespace blindbook::bench {

/// The value of the first `key : value` line of /proc/cpuinfo; "unknown" where there is none.
inline std::string cpu_info(std::string_view key) {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const std::size_t colon = line.find(": ");
    if (colon != std::string::npos && line.substr(0, line.find_last_not_of(" \t", colon - 1) + 1) == key) {
      return line.substr(colon + 2);
    }
  }
  return "unknown";
}

/// Virtual machines hide the name of the model, but not its numbers.
inline std::string cpu_model() {
  return cpu_info("model name") + ", family " + cpu_info("cpu family") + ", model " + cpu_info("model");
}

inline std::string compiler() {
#if defined(__clang__)
  return "clang " __clang_version__;
#else
  return "g++ " __VERSION__;
#endif
}

}  // namespace blindbook::bench
