#pragma once

#include <string>
#include <string_view>

#include "blindbook/base/error.h"
#include "blindbook/model/calibration.h"

/// Files of schema "blindbook.calibration/1" (docs/spec/calibration.md): what a machine was measured to take.
namespace blindbook::cli {

/// Takes exactly the members of the schema. BadInput "calibration.syntax" (not strict JSON, or longer than 64 KiB),
/// "calibration.schema" (another schema or version), "calibration.member" naming the first that is unknown, missing or out
/// of its range, "calibration.suite" (of no suite of protocol v1).
[[nodiscard]] Result<model::Calibration> parse_calibration(std::string_view text);

/// parse_calibration() of a file, and the errors of read_input().
[[nodiscard]] Result<model::Calibration> read_calibration(const std::string& path);

/// The one that stands in the program: of the machine it names.
[[nodiscard]] Result<model::Calibration> shipped_calibration();

/// What parse_calibration() takes, with a line break at its end.
[[nodiscard]] std::string calibration_text(const model::Calibration& calibration);

}  // namespace blindbook::cli
