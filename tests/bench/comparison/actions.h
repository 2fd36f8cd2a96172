#pragma once

#include "blindbook/base/error.h"

#include "cli/common/arguments.h"
#include "cli/common/exit_code.h"

/// What `blindbook bench` can do: compare, and whatever an option asks for in its place.
namespace blindbook::bench {

/// Compares protocols over a grid of sizes. BadInput "bench.request", whose text names the bound; Unavailable "bench.party"
/// when a party fails, "bench.interrupted", and those of a file that cannot be written.
[[nodiscard]] Result<cli::ExitCode> run_compare(const cli::Arguments& arguments);

/// Recovers numbers from uploads of hashes, and tries the same on blindbook. BadInput "bench.request" for a format it has not.
[[nodiscard]] Result<cli::ExitCode> run_attack_option(const cli::Arguments& arguments);

/// Shows the protocols. BadInput "bench.request" for a format it has not.
[[nodiscard]] Result<cli::ExitCode> run_list_option(const cli::Arguments& arguments);

/// Does what was asked for: the first of the others whose option was given, and comparing if none was. BadInput
/// "bench.request" for an option that would say nothing beside it, and what the others have.
[[nodiscard]] Result<cli::ExitCode> run_asked_for(const cli::Arguments& arguments);

}  // namespace blindbook::bench
