#include "cli/common/progress.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "cli/common/terminal.h"
#include "cli/common/text.h"

namespace blindbook::cli {
namespace {

constexpr std::size_t kBarCells = 24;
constexpr std::chrono::milliseconds kBetweenDrawings{100};

std::string clock_text(std::uint64_t seconds) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%llu:%02llu", static_cast<unsigned long long>(seconds / 60),
                static_cast<unsigned long long>(seconds % 60));
  return text.data();
}

bool can_redraw() {
  const char* const terminal = std::getenv("TERM");
  return stderr_is_terminal() && terminal != nullptr && std::string_view(terminal) != "dumb";
}

}  // namespace

std::string progress_line(std::string_view what, std::string_view unit, std::uint64_t done,
                          std::uint64_t total, std::chrono::milliseconds elapsed, bool colour) {
  const double seconds = std::chrono::duration<double>(elapsed).count();
  const double rate = static_cast<double>(done) / seconds;
  std::string line = "blindbook: " + std::string(what) + " ";
  if (total > 0) {
    done = std::min(done, total);
    const double share = static_cast<double>(done) / static_cast<double>(total);
    const auto filled = static_cast<std::size_t>(share * static_cast<double>(kBarCells));
    const std::string bar = std::string(filled, '#') + std::string(kBarCells - filled, '-');
    std::array<char, 8> percent{};
    std::snprintf(percent.data(), percent.size(), "%3u %%", static_cast<unsigned>(share * 100));
    line += "[" + (colour ? "\x1b[32m" + bar + "\x1b[0m" : bar) + "] " + percent.data() + "  ";
  } else {
    line += grouped(done) + " " + std::string(unit) + "  ";
  }
  line += grouped(static_cast<std::uint64_t>(rate)) + " " + std::string(unit) + "/s";
  if (total > 0 && done > 0) {
    line += "  " +
            clock_text(static_cast<std::uint64_t>(std::llround(static_cast<double>(total - done) / rate))) +
            " left";
  }
  return line;
}

Progress::Progress(std::string what, std::string unit)
    : what_(std::move(what)), unit_(std::move(unit)), shown_(can_redraw()), colour_(colour_is_welcome()) {}

Progress::~Progress() {
  if (drawn_) {
    std::fputs("\r\x1b[K", stderr);
  }
}

void Progress::show(std::uint64_t done, std::uint64_t total) {
  if (!shown_) {
    return;
  }
  const std::lock_guard lock(mutex_);
  const Clock::time_point now = Clock::now();
  if (now < next_) {
    return;
  }
  next_ = now + kBetweenDrawings;
  drawn_ = true;
  const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(now - started_);
  const std::string line = "\r" + progress_line(what_, unit_, done, total, elapsed, colour_) + "\x1b[K";
  std::fwrite(line.data(), 1, line.size(), stderr);
}

void PhasedProgress::show(std::string_view what, std::string_view unit, std::uint64_t done,
                          std::uint64_t total) {
  if (!phase_ || what != what_) {
    what_ = what;
    phase_.emplace(what_, std::string(unit));
  }
  phase_->show(done, total);
}

}  // namespace blindbook::cli
