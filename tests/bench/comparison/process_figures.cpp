#include "tests/bench/comparison/process_figures.h"

#include <chrono>
#include <ctime>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <malloc.h>
#include <sched.h>

namespace blindbook::bench {
namespace {

std::optional<double> read_clock(clockid_t clock) {
  timespec time{};
  if (::clock_gettime(clock, &time) != 0) {
    return std::nullopt;
  }
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

}  // namespace

double cpu_seconds() {
  return read_clock(CLOCK_PROCESS_CPUTIME_ID).value();
}

std::optional<double> cpu_seconds_of(pid_t process) {
  clockid_t clock{};
  return ::clock_getcpuclockid(process, &clock) == 0 ? read_clock(clock) : std::nullopt;
}

double wall_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::uint64_t peak_memory() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind("VmHWM:", 0) == 0) {
      return std::stoull(line.substr(6)) * 1024;
    }
  }
  throw std::runtime_error("the kernel does not say how much memory a process held");
}

void restart_peak_memory() {
  ::malloc_trim(0);
  std::ofstream("/proc/self/clear_refs") << "5\n";
}

void hold_to_one_core(Core core) {
  cpu_set_t allowed;
  if (::sched_getaffinity(0, sizeof allowed, &allowed) != 0) {
    return;
  }
  std::vector<std::size_t> cores;
  for (std::size_t i = 0; i < CPU_SETSIZE; ++i) {
    if (CPU_ISSET(i, &allowed)) {
      cores.push_back(i);
    }
  }
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(core == Core::kSecond && cores.size() > 1 ? cores[1] : cores.front(), &one);
  static_cast<void>(::sched_setaffinity(0, sizeof one, &one));
}

}  // namespace blindbook::bench
