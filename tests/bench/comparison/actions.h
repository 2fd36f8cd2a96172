#pragma once

#include <span>
#include <string_view>

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

struct Action {
  std::string_view option;  ///< of cli/common/option_table.cpp
  Result<cli::ExitCode> (*run)(const cli::Arguments& arguments);
};

/// The first whose option was given is done; comparing, if none was.
[[nodiscard]] std::span<const Action> actions();

}  // namespace blindbook::bench
