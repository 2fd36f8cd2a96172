// The program `blindbook`: finds the subcommand, runs it, reports its error, chooses the exit code.

#include <csignal>
#include <exception>
#include <span>
#include <string_view>

#include "blindbook/cpu/kernel_choice.h"
#include "blindbook/service/memory_protection.h"

#include "cli/commands.h"
#include "cli/common/arguments.h"
#include "cli/common/exit_code.h"
#include "cli/common/help.h"
#include "cli/common/option_table.h"
#include "cli/common/terminal.h"
#include "cli/version.h"

namespace blindbook::cli {
namespace {

Result<ExitCode> run(const Arguments& arguments) {
  switch (arguments.command().command) {
    case kInit:
      return run_init(arguments);
    case kPublish:
      return run_publish(arguments);
    case kEpoch:
      return run_epoch(arguments);
    case kServe:
      return run_serve(arguments);
    case kToken:
      return run_token(arguments);
    case kDiscover:
      return run_discover(arguments);
    case kStatus:
      return run_status(arguments);
    case kInspect:
      return run_inspect(arguments);
    case kErase:
      return run_erase(arguments);
    case kLedger:
      return run_ledger(arguments);
    case kBackup:
      return run_backup(arguments);
    case kRestore:
      return run_restore(arguments);
    case kKey:
      return run_key(arguments);
    case kEstimate:
      return run_estimate(arguments);
    case kBench:
      return run_bench(arguments);
    case kCompletion:
      return run_completion(arguments);
  }
  return api_misuse("cli.command", "a command of the option table is not built in");
}

Result<ExitCode> run(std::span<const char* const> words) {
  if (words.empty()) {
    return bad_input("usage.command", "no command was given", "blindbook --help lists them");
  }
  const std::string_view first = words.front();
  if (first == "--help" || first == "-h") {
    print(overview());
    return ExitCode::kDone;
  }
  // Asked once, before any work: a kernel that was forced wrongly must not surface halfway.
  if (const auto& kernel = cpu::kernel_in_use(); !kernel) {
    return tl::unexpected<Error>(kernel.error());
  }
  if (first == "--version") {
    print(version_text());
    return ExitCode::kDone;
  }
  const auto command = find_command(first);
  if (!command) {
    return tl::unexpected<Error>(command.error());
  }
  const auto arguments = Arguments::parse(**command, words.subspan(1));
  if (!arguments) {
    return tl::unexpected<Error>(arguments.error());
  }
  if (arguments->wants_help()) {
    print(help_for(**command));
    return ExitCode::kDone;
  }
  return run(*arguments);
}

ExitCode reported(const Error& error) {
  report(error);
  return exit_code_for(error.fault);
}

}  // namespace
}  // namespace blindbook::cli

int main(int argc, char** argv) {
  using namespace blindbook::cli;
  // Every command holds keys, numbers or tokens.
  blindbook::service::forbid_core_dumps();
  // A reader that goes away is an error to report, and a client that does so no reason to end.
  std::signal(SIGPIPE, SIG_IGN);
  try {
    const auto code =
        run({const_cast<const char* const*>(argv + 1), static_cast<std::size_t>(argc > 0 ? argc - 1 : 0)});
    const auto finished = finish_output();
    if (!code) {
      return static_cast<int>(reported(code.error()));
    }
    return static_cast<int>(finished ? *code : reported(finished.error()));
  } catch (const std::exception& error) {
    note(std::string("internal error: ") + error.what());
    return static_cast<int>(ExitCode::kFailed);
  }
}
