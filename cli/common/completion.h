#pragma once

#include <string>

/// What completes commands, options and their values in a shell, made from the option table.
namespace blindbook::cli {

/// For bash 4 and later, which sources it; needs nothing of the package bash-completion.
[[nodiscard]] std::string bash_completion();

/// For zsh 5: a file `_blindbook` of its fpath, or sourced after compinit.
[[nodiscard]] std::string zsh_completion();

}  // namespace blindbook::cli
