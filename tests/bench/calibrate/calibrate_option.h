#pragma once

#include "blindbook/base/error.h"

#include "cli/common/arguments.h"
#include "cli/common/exit_code.h"

namespace blindbook::bench {

/// `--calibrate FILE`: what this machine takes for each piece of work that `blindbook estimate` counts, as a file of schema
/// blindbook.calibration/1. The commands measured are those of the program named by the environment's BLINDBOOK_PROGRAM, which
/// `blindbook bench` sets. BadInput "bench.request" without that; Unavailable "bench.party" when a command fails, and those of a
/// file that cannot be written.
[[nodiscard]] Result<cli::ExitCode> run_calibrate_option(const cli::Arguments& arguments);

}  // namespace blindbook::bench
