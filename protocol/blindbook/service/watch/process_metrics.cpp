#include "blindbook/service/watch/process_metrics.h"

#include <cstdint>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>
#include <system_error>

#include <sys/resource.h>
#include <unistd.h>

namespace blindbook::service {
namespace {

constexpr int kStartTime = 22;  // fields of /proc/self/stat
constexpr int kVirtualBytes = 23;
constexpr int kResidentPages = 24;

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

double seconds_of(const timespec& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

/// One of the fields of /proc/self/stat, counted from 1 as proc(5) does; 3 and up.
std::optional<std::uint64_t> stat_field(int wanted) {
  std::ifstream file("/proc/self/stat");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  // The second one, the name of the program, may hold anything but ends with the last parenthesis.
  const std::size_t end = text.rfind(')');
  if (end == std::string::npos) {
    return std::nullopt;
  }
  std::istringstream fields(text.substr(end + 1));
  std::string field;
  for (int at = 3; at <= wanted; ++at) {
    fields >> field;
  }
  std::uint64_t value = 0;
  if (!fields || !(std::istringstream(field) >> value)) {
    return std::nullopt;
  }
  return value;
}

/// When this process started, in Unix seconds. Not out of /proc/stat, which systemd's ProcSubset=pid hides.
std::optional<double> start_time() {
  timespec wall{};
  timespec since_boot{};
  const auto ticks = stat_field(kStartTime);
  if (!ticks || ::clock_gettime(CLOCK_REALTIME, &wall) != 0 ||
      ::clock_gettime(CLOCK_BOOTTIME, &since_boot) != 0) {
    return std::nullopt;
  }
  return seconds_of(wall) - seconds_of(since_boot) +
         static_cast<double>(*ticks) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

}  // namespace

void write_process_metrics(PrometheusText& out) {
  rusage usage{};
  if (::getrusage(RUSAGE_SELF, &usage) == 0) {
    out.family("process_cpu_seconds_total", "counter", "User and system CPU time spent, in seconds.");
    out.sample("process_cpu_seconds_total", {}, seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime));
  }
  if (const auto pages = stat_field(kResidentPages)) {
    out.gauge("process_resident_memory_bytes", "Resident memory size, in bytes.",
              *pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)));
  }
  if (const auto bytes = stat_field(kVirtualBytes)) {
    out.gauge("process_virtual_memory_bytes", "Virtual memory size, in bytes.", *bytes);
  }
  std::error_code error;
  const std::filesystem::directory_iterator descriptors("/proc/self/fd", error);
  if (!error) {
    out.gauge("process_open_fds", "Open file descriptors.",
              static_cast<std::uint64_t>(std::distance(begin(descriptors), end(descriptors))));
  }
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) {
    out.gauge("process_max_fds", "Most file descriptors that may be open.", std::uint64_t{limit.rlim_cur});
  }
  // Once: a wall clock that is set must not look like a restart.
  static const std::optional<double> started = start_time();
  if (started) {
    out.gauge("process_start_time_seconds", "Start of the process, in Unix seconds.", *started);
  }
}

}  // namespace blindbook::service
