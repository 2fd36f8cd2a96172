#pragma once

#include <string>

#include "cli/common/option_table.h"

namespace blindbook::cli {

/// What `blindbook --help` prints: the commands.
[[nodiscard]] std::string overview();

/// What `blindbook <command> --help` prints: usage, options and one worked example.
[[nodiscard]] std::string help_for(const CommandRow& command);

}  // namespace blindbook::cli
