// `blindbook completion`: prints what a shell sources to complete this program's command line.

#include "cli/common/completion.h"

#include "cli/commands.h"
#include "cli/common/terminal.h"

namespace blindbook::cli {

Result<ExitCode> run_completion(const Arguments& arguments) {
  const std::string shell = arguments.positional().value_or("");
  if (shell != "bash" && shell != "zsh") {
    return bad_input("usage.shell", "for which shell is not said",
                     "it is: blindbook completion bash, or blindbook completion zsh");
  }
  print(shell == "bash" ? bash_completion() : zsh_completion());
  return ExitCode::kDone;
}

}  // namespace blindbook::cli
