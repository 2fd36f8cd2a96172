#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "blindbook/model/calibration.h"

#include "cli/common/facts.h"
#include "cli/estimate_scenario.h"

/// What `blindbook estimate` says, before it is text, JSON or CSV: one list of figures, each of which names its formula.
namespace blindbook::cli {

/// How far a figure can be relied on.
enum class Certainty {
  kExact,       ///< arithmetic: no run differs
  kExpected,    ///< a mean, or a straight line through what was measured
  kCalibrated,  ///< from what a machine was measured to take
};

/// "exact", "expected", "calibrated".
[[nodiscard]] std::string_view name_of(Certainty certainty);

struct Never {};  ///< no number of accounts or days is enough

struct Figure {
  std::string name;  ///< stable: "client_first_day_sent"
  std::variant<std::uint64_t, double, Likelihood, Never> value;
  std::string_view unit;     ///< "bytes", "seconds", ..; "1" for a probability or an expected count
  std::string_view formula;  ///< a row of docs/spec/model.md
  Certainty certainty;
  std::string words;  ///< what it is, for people
};

/// Figures under one heading.
struct FigureSection {
  std::string title;
  std::vector<Figure> figures;
};

/// Everything that follows from `scenario`, in the order in which it is shown. Without `calibration`, nothing of speed and
/// machines.
[[nodiscard]] std::vector<FigureSection> figures_of(const Scenario& scenario,
                                                    const std::optional<model::Calibration>& calibration);

/// What a reader ought to know of exactly these parameters, a clause each; often none.
[[nodiscard]] std::vector<std::string> remarks_on(const Scenario& scenario);

}  // namespace blindbook::cli
