// What `blindbook bench --list` does: names the protocols, and says who learns what by them.
#include <nlohmann/json.hpp>

#include "cli/common/json_text.h"
#include "cli/common/terminal.h"
#include "tests/bench/comparison/actions.h"
#include "tests/bench/comparison/grid.h"
#include "tests/bench/comparison/report.h"

namespace blindbook::bench {

Result<cli::ExitCode> run_list_option(const cli::Arguments& arguments) {
  const std::string format = arguments.value("format").value_or("text");
  if (format == "csv") {
    return bad_input("bench.request", "--list has no rows for csv", "it has --format text and json");
  }
  const Grid all = full_grid();
  cli::print(format == "json" ? cli::json_text(protocols_json(all.protocols))
                              : protocols_text(all.protocols));
  return cli::ExitCode::kDone;
}

}  // namespace blindbook::bench
