// What this machine takes for each piece of work that `blindbook estimate` counts.
//
//   blindbook-calibrate FILE [PROGRAM] [--rounds N] [--rows N]
//
// Writes FILE, of schema blindbook.calibration/1, for `blindbook estimate --calibration FILE`. PROGRAM is the blindbook whose
// commands are measured; the one of this build unless said otherwise. Takes less than 20 seconds, on loopback, with invented
// subscribers.

#include <exception>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "blindbook/service/atomic_file.h"

#include "blindbook_commit.h"  // written by commit.cmake at each build
#include "cli/calibration_file.h"
#include "tests/bench/calibrate/calibrate.h"
#include "tests/bench/load/options.h"

namespace blindbook::bench {
namespace {

constexpr const char* kUsage = "usage: blindbook-calibrate FILE [PROGRAM] [--rounds N] [--rows N]";

int write_calibration(std::vector<std::string> words) {
  CalibrationOptions options{.program = BLINDBOOK_PROGRAM, .commit = BLINDBOOK_COMMIT};
  if (words.size() > 1 && !words[1].starts_with("--")) {
    options.program = words[1];
    words.erase(words.begin() + 1);
  }
  std::size_t rows = options.rows;
  const std::string file = parse_options(words, {{"--rounds", &options.rounds}, {"--rows", &rows}}, kUsage);
  if (options.rounds == 0 || rows < 1'000 || rows > 900'000) {
    throw std::runtime_error("at least 1 round, and 1,000 to 900,000 rows");
  }
  options.rows = rows;
  options.progress = [](std::string_view what) {
    std::cerr << "blindbook-calibrate: measuring " << what << '\n';
  };
  const std::string text = cli::calibration_text(calibrate(options));
  if (const auto written =
          service::write_file_atomically(file, bytes_of(text), service::FileAccess::kEveryone);
      !written) {
    throw std::runtime_error(written.error().message);
  }
  return 0;
}

}  // namespace
}  // namespace blindbook::bench

int main(int argc, char** argv) {
  try {
    if (argc < 2 || std::string_view(argv[1]).starts_with("-")) {
      throw std::runtime_error(blindbook::bench::kUsage);
    }
    return blindbook::bench::write_calibration({argv + 1, argv + argc});
  } catch (const std::exception& failure) {
    std::cerr << "blindbook-calibrate: error: " << failure.what() << '\n';
    return 1;
  }
}
