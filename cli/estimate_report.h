#pragma once

#include <string>
#include <vector>

#include "cli/estimate_figures.h"

/// What `blindbook estimate` prints, in each of its formats.
namespace blindbook::cli {

/// An estimate and what it was made from.
struct Estimate {
  Scenario scenario;
  std::optional<model::Calibration> calibration = {};
  bool calibration_shipped = false;  ///< the one that stands in the program
  std::vector<FigureSection> sections = {};
  std::vector<std::string> remarks = {};
};

/// A page for a person: a table for each heading, then what the figures do not cover.
[[nodiscard]] std::string estimate_text(const Estimate& estimate);
/// Schema "blindbook.estimate/1", stable: members and figures are added, never changed.
[[nodiscard]] std::string estimate_json(const Estimate& estimate);
/// RFC 4180 with the header figure,value,unit,formula,certainty. A value that is none is "never".
[[nodiscard]] std::string estimate_csv(const Estimate& estimate);

}  // namespace blindbook::cli
