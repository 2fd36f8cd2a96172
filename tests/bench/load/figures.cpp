#include "tests/bench/load/figures.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>
#include <string>

#include <sched.h>
#include <unistd.h>

namespace blindbook::bench {

std::vector<std::size_t> usable_cores() {
  cpu_set_t set{};
  std::vector<std::size_t> out;
  if (::sched_getaffinity(0, sizeof set, &set) == 0) {
    for (std::size_t core = 0; core < CPU_SETSIZE; ++core) {
      if (CPU_ISSET(core, &set)) {
        out.push_back(core);
      }
    }
  }
  return out;
}

double idle_seconds(const std::vector<std::size_t>& cores) {
  double ticks = 0;
  std::ifstream stat("/proc/stat");
  for (std::string line; std::getline(stat, line);) {
    std::istringstream fields(line);
    std::string name;
    std::array<double, 5> times{};  // user, nice, system, idle, waiting for disks
    fields >> name;
    for (double& time : times) {
      fields >> time;
    }
    if (std::any_of(cores.begin(), cores.end(),
                    [&](std::size_t core) { return name == "cpu" + std::to_string(core); })) {
      ticks += times[3] + times[4];
    }
  }
  return ticks / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

double percentile(std::vector<double> values, std::size_t percent) {
  const auto at = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) * percent / 100);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

}  // namespace blindbook::bench
