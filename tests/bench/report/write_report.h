#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "blindbook/base/error.h"

#include "cli/common/arguments.h"
#include "cli/common/exit_code.h"

namespace blindbook::bench {

/// report_page() in a file, whole or not at all. Errors as there, and those of a file that cannot be written.
[[nodiscard]] Result<void> write_report(const nlohmann::ordered_json& results, const std::string& file);

/// `--from FILE --report FILE.html`: the page of results that were measured before. BadInput "bench.results", "file.open",
/// "bench.request" without --report or beside an option that measures.
[[nodiscard]] Result<cli::ExitCode> run_report(const cli::Arguments& arguments);

}  // namespace blindbook::bench
