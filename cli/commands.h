#pragma once

#include "blindbook/base/error.h"

#include "cli/common/arguments.h"
#include "cli/common/exit_code.h"

/// The subcommands, one file each. Each does its work and prints what was asked for; an error it returns is
/// reported by main, which also decides the exit code.
namespace blindbook::cli {

[[nodiscard]] Result<ExitCode> run_init(const Arguments& arguments);
[[nodiscard]] Result<ExitCode> run_publish(const Arguments& arguments);
[[nodiscard]] Result<ExitCode> run_epoch(const Arguments& arguments);
[[nodiscard]] Result<ExitCode> run_serve(const Arguments& arguments);
[[nodiscard]] Result<ExitCode> run_token(const Arguments& arguments);
[[nodiscard]] Result<ExitCode> run_discover(const Arguments& arguments);
[[nodiscard]] Result<ExitCode> run_status(const Arguments& arguments);
[[nodiscard]] Result<ExitCode> run_inspect(const Arguments& arguments);
[[nodiscard]] Result<ExitCode> run_erase(const Arguments& arguments);
[[nodiscard]] Result<ExitCode> run_ledger(const Arguments& arguments);
[[nodiscard]] Result<ExitCode> run_backup(const Arguments& arguments);
[[nodiscard]] Result<ExitCode> run_restore(const Arguments& arguments);
[[nodiscard]] Result<ExitCode> run_key(const Arguments& arguments);
[[nodiscard]] Result<ExitCode> run_estimate(const Arguments& arguments);
[[nodiscard]] Result<ExitCode> run_bench(const Arguments& arguments);
[[nodiscard]] Result<ExitCode> run_completion(const Arguments& arguments);

}  // namespace blindbook::cli
