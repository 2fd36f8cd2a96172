#include "tests/bench/comparison/actions.h"

#include <array>
#include <string>
#include <string_view>

#include "cli/common/option_table.h"
#include "tests/bench/calibrate/calibrate_option.h"
#include "tests/bench/report/write_report.h"

namespace blindbook::bench {
namespace {

struct Action {
  std::string_view option;  ///< of cli/common/option_table.cpp
  std::string_view beside;  ///< the only other that it knows; may be empty
  Result<cli::ExitCode> (*run)(const cli::Arguments& arguments);
};

constexpr std::array kActions{
    Action{"list", "format", run_list_option}, Action{"attack", "format", run_attack_option},
    Action{"calibrate", "", run_calibrate_option}, Action{"from", "report", run_report}};

Result<void> refuse_others(const Action& action, const cli::Arguments& arguments) {
  for (const cli::OptionRow& row : cli::options()) {
    if (row.belongs_to(arguments.command().command) && arguments.has(row.name) && row.name != action.option &&
        row.name != action.beside) {
      return bad_input("bench.request",
                       "--" + std::string(row.name) + " says nothing beside --" + std::string(action.option),
                       "leave one of them out");
    }
  }
  return {};
}

}  // namespace

Result<cli::ExitCode> run_asked_for(const cli::Arguments& arguments) {
  for (const Action& action : kActions) {
    if (arguments.has(action.option)) {
      if (auto alone = refuse_others(action, arguments); !alone) {
        return tl::unexpected<Error>(alone.error());
      }
      return action.run(arguments);
    }
  }
  return run_compare(arguments);
}

}  // namespace blindbook::bench
