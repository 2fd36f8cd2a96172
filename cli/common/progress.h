#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace blindbook::cli {

/// A line of progress without its line break: "blindbook: publishing [####----]  45 %  61,234 rows/s  0:12
/// left". With an unknown total (0) there is no bar and no remaining time. `elapsed` > 0.
[[nodiscard]] std::string progress_line(std::string_view what, std::string_view unit, std::uint64_t done,
                                        std::uint64_t total, std::chrono::milliseconds elapsed, bool colour);

/// Shows on standard error how far a piece of work is: on a terminal only, from one second after its start,
/// at most ten times a second. The line is gone when this is destroyed. Methods may be called from any
/// thread.
class Progress {
 public:
  /// `what` is a participle such as "publishing", `unit` what is counted, such as "rows".
  Progress(std::string what, std::string unit);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void show(std::uint64_t done, std::uint64_t total);

 private:
  using Clock = std::chrono::steady_clock;

  const std::string what_;
  const std::string unit_;
  const bool shown_;
  const bool colour_;
  const Clock::time_point started_ = Clock::now();
  std::mutex mutex_;
  Clock::time_point next_ = started_ + std::chrono::seconds(1);
  bool drawn_ = false;
};

/// Progress of work in phases: one line at a time, begun anew where `what` changes. For one thread.
class PhasedProgress {
 public:
  void show(std::string_view what, std::string_view unit, std::uint64_t done, std::uint64_t total);
  /// Takes the line away, before something else is written.
  void end() { phase_.reset(); }

 private:
  std::string what_;
  std::optional<Progress> phase_;
};

}  // namespace blindbook::cli
