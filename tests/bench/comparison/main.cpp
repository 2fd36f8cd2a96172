// blindbook-bench OPTIONS: what `blindbook bench` runs. Compares protocols of private contact discovery; its options stand in
// cli/common/option_table.cpp. With --party it is one of the two processes of a comparison.

#include <csignal>
#include <exception>
#include <span>
#include <string>
#include <string_view>

#include "cli/common/arguments.h"
#include "cli/common/exit_code.h"
#include "cli/common/help.h"
#include "cli/common/option_table.h"
#include "cli/common/terminal.h"
#include "tests/bench/comparison/actions.h"
#include "tests/bench/comparison/party.h"

namespace blindbook::bench {
namespace {

Result<cli::ExitCode> run(std::span<const char* const> words) {
  const auto command = cli::find_command("bench");
  if (!command) {
    return tl::unexpected<Error>(command.error());
  }
  const auto arguments = cli::Arguments::parse(**command, words);
  if (!arguments) {
    return tl::unexpected<Error>(arguments.error());
  }
  if (arguments->wants_help()) {
    cli::print(cli::help_for(**command));
    return cli::ExitCode::kDone;
  }
  return run_asked_for(*arguments);
}

int reported(const Error& error) {
  cli::report(error);
  return static_cast<int>(cli::exit_code_for(error.fault));
}

}  // namespace
}  // namespace blindbook::bench

int main(int argc, char** argv) {
  using namespace blindbook;
  const auto words = std::span(const_cast<const char* const*>(argv), static_cast<std::size_t>(argc))
                         .subspan(argc > 0 ? 1 : 0);
  if (!words.empty() && words.front() == bench::kPartyOption) {
    return bench::run_party(words.subspan(1), bench::find_protocol);
  }
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a file that grows too long is an error of writing
  try {
    const auto code = bench::run(words);
    const auto finished = cli::finish_output();
    if (!code) {
      return bench::reported(code.error());
    }
    return finished ? static_cast<int>(*code) : bench::reported(finished.error());
  } catch (const std::exception& error) {
    cli::note(std::string("internal error: ") + error.what());
    return static_cast<int>(cli::ExitCode::kFailed);
  }
}
