// `blindbook estimate`: what blindbook costs a city, its people and its operator, before anything is installed. Opens no
// connection, and no file but a calibration.

#include <optional>
#include <string>
#include <utility>

#include "cli/calibration_file.h"
#include "cli/commands.h"
#include "cli/common/terminal.h"
#include "cli/estimate_report.h"

namespace blindbook::cli {
namespace {

/// That of --calibration, or the one that was shipped. Puts nothing where that one is of another suite.
Result<void> calibrate(Estimate& estimate, const Arguments& arguments) {
  const auto path = arguments.value("calibration");
  auto calibration = path ? read_calibration(*path) : shipped_calibration();
  if (!calibration) {
    return failed(calibration);
  }
  estimate.calibration_shipped = !path;
  if (suite_by_name(calibration->suite) == estimate.scenario.suite) {
    estimate.calibration = std::move(*calibration);
  } else if (path) {
    return bad_input("calibration.suite",
                     "the calibration is of " + calibration->suite + ", and the estimate of " +
                         std::string(name_of(estimate.scenario.suite)),
                     "--suite says of which suite");
  }
  return {};
}

}  // namespace

Result<ExitCode> run_estimate(const Arguments& arguments) {
  auto scenario = scenario_from(arguments);
  if (!scenario) {
    return failed(scenario);
  }
  Estimate estimate{.scenario = std::move(*scenario)};
  if (auto calibrated = calibrate(estimate, arguments); !calibrated) {
    return failed(calibrated);
  }
  estimate.sections = figures_of(estimate.scenario, estimate.calibration);
  estimate.remarks = remarks_on(estimate.scenario);
  const std::string format = arguments.value("format").value_or("text");
  print(format == "json"  ? estimate_json(estimate)
        : format == "csv" ? estimate_csv(estimate)
                          : estimate_text(estimate));
  return ExitCode::kDone;
}

}  // namespace blindbook::cli
