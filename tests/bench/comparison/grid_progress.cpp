#include "tests/bench/comparison/grid_progress.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

#include "cli/common/terminal.h"
#include "cli/common/text.h"

namespace blindbook::bench {
namespace {

constexpr std::size_t kBarCells = 24;
constexpr std::chrono::milliseconds kBetweenDrawings{100};
constexpr std::chrono::minutes kBetweenLines{2};

}  // namespace

std::string grid_progress_line(const std::string& what, double share, double seconds_left, bool with_bar) {
  share = std::clamp(share, 0.0, 1.0);
  const auto filled = static_cast<std::size_t>(share * static_cast<double>(kBarCells));
  std::array<char, 16> percent{};
  std::snprintf(percent.data(), percent.size(), "%3u %%", static_cast<unsigned>(share * 100));
  std::string out = "comparing ";
  if (with_bar) {
    out.append("[").append(filled, '#').append(kBarCells - filled, '-').append("] ");
  }
  out.append(percent.data()).append("  ").append(what).append("  about ");
  out.append(cli::duration_text(static_cast<std::uint64_t>(std::max(0.0, seconds_left)) + 1)).append(" left");
  return out;
}

GridProgress::GridProgress(double total_seconds)
    : total_(std::max(total_seconds, 1e-9)),
      on_terminal_(cli::stderr_is_terminal() && cli::colour_is_welcome()),
      next_(started_ + (on_terminal_ ? Clock::duration(kBetweenDrawings) : Clock::duration(kBetweenLines))) {}

GridProgress::~GridProgress() {
  end();
}

void GridProgress::end() {
  if (drawn_) {
    std::fputs("\r\x1b[K", stderr);
    drawn_ = false;
  }
}

void GridProgress::show(const std::string& what, double done_seconds) {
  if (skipped_ < 0) {
    skipped_ = done_seconds;
  }
  const Clock::time_point now = Clock::now();
  if (now < next_) {
    return;
  }
  next_ = now + (on_terminal_ ? Clock::duration(kBetweenDrawings) : Clock::duration(kBetweenLines));
  // The forecast gives the proportions; how fast it all goes shows by what is behind.
  const double took = std::chrono::duration<double>(now - started_).count();
  const double behind = done_seconds - skipped_;
  const double pace = behind > total_ / 50 ? took / behind : 1;
  const std::string line =
      grid_progress_line(what, done_seconds / total_, (total_ - done_seconds) * pace, on_terminal_);
  if (on_terminal_) {
    std::fprintf(stderr, "\rblindbook: %s\x1b[K", line.c_str());
    drawn_ = true;
  } else {
    cli::note(line);
  }
}

}  // namespace blindbook::bench
