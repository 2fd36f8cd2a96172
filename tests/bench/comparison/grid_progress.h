#pragma once

#include <chrono>
#include <string>

namespace blindbook::bench {

/// How far a comparison is, on standard error: on a terminal a line that is drawn anew, elsewhere a line every few minutes.
class GridProgress {
 public:
  /// `total_seconds` of the forecast.
  explicit GridProgress(double total_seconds);
  ~GridProgress();
  GridProgress(const GridProgress&) = delete;
  GridProgress& operator=(const GridProgress&) = delete;

  /// `what` is under way, and what the forecast gave `done_seconds` is behind.
  void show(const std::string& what, double done_seconds);
  /// Takes the line away, before something else is written.
  void end();

 private:
  using Clock = std::chrono::steady_clock;

  double total_;
  bool on_terminal_;
  Clock::time_point started_ = Clock::now();
  Clock::time_point next_;
  bool drawn_ = false;
  double skipped_ = -1;  // what was behind before anything was measured
};

/// A line of it without its prefix: "comparing [####----]  45 %  ecdh-golomb: 1,024 x 64  about 12 minutes left".
[[nodiscard]] std::string grid_progress_line(const std::string& what, double share, double seconds_left,
                                             bool with_bar);

}  // namespace blindbook::bench
