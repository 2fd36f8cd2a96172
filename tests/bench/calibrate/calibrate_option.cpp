#include "tests/bench/calibrate/calibrate_option.h"

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>

#include <unistd.h>

#include "blindbook/service/atomic_file.h"

#include "blindbook_commit.h"  // written by commit.cmake at each build
#include "cli/calibration_file.h"
#include "cli/common/terminal.h"
#include "tests/bench/calibrate/calibrate.h"

namespace blindbook::bench {

Result<cli::ExitCode> run_calibrate_option(const cli::Arguments& arguments) {
  const std::string& file = arguments.required("calibrate");
  if (::access(std::filesystem::absolute(file).parent_path().c_str(), W_OK | X_OK) != 0) {
    return bad_input("bench.request", "nothing can be written beside " + file,
                     "--calibrate names a file in a folder that is there");
  }
  std::error_code ignored;
  if (std::filesystem::exists(file, ignored) && !std::filesystem::is_regular_file(file, ignored)) {
    return bad_input("bench.request", file + " is there, and is no file", "--calibrate takes another name");
  }
  const char* const program = std::getenv("BLINDBOOK_PROGRAM");
  if (program == nullptr) {
    return bad_input("bench.request", "--calibrate does not know which program to measure",
                     "run it as blindbook bench --calibrate " + file);
  }
  CalibrationOptions options{.program = program, .commit = BLINDBOOK_COMMIT};
  options.progress = [](std::string_view what) { cli::note("measuring " + std::string(what)); };
  try {
    const std::string text = cli::calibration_text(calibrate(options));
    if (auto written = service::write_file_atomically(file, bytes_of(text), service::FileAccess::kEveryone);
        !written) {
      return tl::unexpected<Error>(written.error());
    }
  } catch (const std::runtime_error& failure) {
    return unavailable("bench.party", failure.what());
  }
  cli::note("wrote " + file);
  return cli::ExitCode::kDone;
}

}  // namespace blindbook::bench
