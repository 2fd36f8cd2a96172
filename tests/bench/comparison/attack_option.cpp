// What `blindbook bench --attack` does: the dictionary attack, on uploads of hashes and on what blindbook sends.
#include <nlohmann/json.hpp>

#include "cli/common/json_text.h"
#include "cli/common/terminal.h"
#include "tests/bench/attack/attack.h"
#include "tests/bench/comparison/actions.h"

namespace blindbook::bench {

Result<cli::ExitCode> run_attack_option(const cli::Arguments& arguments) {
  const std::string format = arguments.value("format").value_or("text");
  if (format == "csv") {
    return bad_input("bench.request", "--attack has no rows for csv", "it has --format text and json");
  }
  cli::note("trying numbers, for some seconds");
  const AttackReport report = run_attack();
  cli::print(format == "json" ? cli::json_text(json_of(report)) : text_of(report));
  return cli::ExitCode::kDone;
}

}  // namespace blindbook::bench
