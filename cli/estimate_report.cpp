#include "cli/estimate_report.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <type_traits>

#include <nlohmann/json.hpp>

#include "cli/common/json_text.h"
#include "cli/common/table.h"
#include "cli/common/text.h"

namespace blindbook::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array kNotCovered{
    "TLS, TCP and IP: about 5 kB for each connection and half a percent on top, and the look-up of host "
    "names",
    "networks that are slow to start, lose packets or wait for a radio; the time a disk takes",
    "other processors: figures of speed are of the machine named above, and a phone is not that machine",
    "stretching the passphrase of sealed keys: about a second and 128 MiB whenever publish or serve starts",
    "a list that grows: it is taken to stay as long as it is, while churn makes the patches",
    "the 7 days in which two epochs live: publications then write two directories",
    "batches of people who add contacts and ask at once, and runs that are repeated after a failure",
    "opening labels and showing matches, since nobody knows how many there are; money",
};

std::string formatted(const char* format, double value) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), format, value);
  return text.data();
}

/// "1,234,567", also where it is no whole number.
std::string rounded(double value) {
  return value < 1e18 ? grouped(static_cast<std::uint64_t>(std::llround(value))) : formatted("%.3g", value);
}

std::string seconds_text(double seconds) {
  if (seconds < 0.9995e-3) {
    return formatted("%.3g us", seconds * 1e6);
  }
  if (seconds < 0.9995) {
    return formatted("%.3g ms", seconds * 1e3);
  }
  if (seconds < 120) {
    return formatted("%.3g s", seconds);
  }
  if (seconds < 7'200) {
    return formatted("%.3g min", seconds / 60);
  }
  return seconds < 3.6e6 ? formatted("%.3g h", seconds / 3'600) : rounded(seconds / 3'600) + " h";
}

std::string bits_text(double bits) {
  return bits < 999.5     ? formatted("%.3g bit/s", bits)
         : bits < 999.5e3 ? formatted("%.3g kbit/s", bits / 1e3)
         : bits < 999.5e6 ? formatted("%.3g Mbit/s", bits / 1e6)
         : bits < 999.5e9 ? formatted("%.3g Gbit/s", bits / 1e9)
                          : rounded(bits / 1e9) + " Gbit/s";
}

/// In the largest unit that a person would use. Bytes that are exact are shown to the last.
std::string value_text(const Figure& figure) {
  if (std::holds_alternative<Never>(figure.value)) {
    return "never";
  }
  if (const auto* likelihood = std::get_if<Likelihood>(&figure.value)) {
    return likelihood_text(*likelihood);
  }
  const auto* whole = std::get_if<std::uint64_t>(&figure.value);
  const double value = whole != nullptr ? static_cast<double>(*whole) : std::get<double>(figure.value);
  if (figure.unit == "bytes") {
    return whole != nullptr && figure.certainty == Certainty::kExact ? counted(*whole, "byte")
           : value < 1e18 ? size_text(static_cast<std::uint64_t>(value))
                          : formatted("%.3g bytes", value);
  }
  if (figure.unit == "seconds" || figure.unit == "core seconds") {
    return seconds_text(value);
  }
  if (figure.unit == "bits a second") {
    return bits_text(value);
  }
  const std::string unit = figure.unit == "1" ? "" : " " + std::string(figure.unit);
  return (whole == nullptr && value < 999.5 ? formatted("%.3g", value) : rounded(value)) + unit;
}

std::string percent_text(double part) {
  return formatted("%g %%", part * 100);
}

std::string labels_text(const Scenario& scenario) {
  switch (scenario.labels) {
    case protocol::LabelMode::kNone:
      return "none";
    case protocol::LabelMode::kEmbedded:
      return "of " + counted(scenario.label_bytes, "byte") + ", in the directory";
    case protocol::LabelMode::kResolve:
      return "of " + counted(scenario.label_bytes, "byte") + ", asked for when a user wants one";
  }
  return {};
}

std::string network_text(const model::NetworkPreset& network) {
  return std::string(network.name) + ": " + formatted("%g", static_cast<double>(network.down_kbit_s) / 1e3) +
         " Mbit/s down, " + formatted("%g", static_cast<double>(network.up_kbit_s) / 1e3) + " Mbit/s up, " +
         std::to_string(network.round_trip_ms) + " ms (" + std::string(network.source) + ")";
}

std::string speed_text(const Estimate& estimate) {
  if (!estimate.calibration) {
    return "none: this program has not measured that suite, so speed and machines are left out";
  }
  const model::Calibration& speed = *estimate.calibration;
  return speed.machine + ", kernel " + speed.kernel + ", commit " + speed.commit +
         (estimate.calibration_shipped ? "; not this machine unless you measured it: --calibration" : "");
}

std::string parameters_text(const Estimate& estimate) {
  const Scenario& scenario = estimate.scenario;
  Table table;
  table.add({"subscribers", grouped(scenario.subscribers)});
  table.add({"contacts", grouped(scenario.contacts) + " of each client, in " +
                             (scenario.life.first_batches.size() == 1 ? "1 batch" : "2 batches") + " of " +
                             grouped(scenario.life.first_batches.front())});
  table.add({"churn",
             percent_text(scenario.joins) + " join and " + percent_text(scenario.leaves) + " leave, a day"});
  table.add({"epoch", counted(scenario.epoch_days, "day")});
  table.add({"labels", labels_text(scenario)});
  table.add({"suite", std::string(name_of(scenario.suite))});
  table.add({"clients", grouped(scenario.clients)});
  table.add({"network", network_text(*scenario.network)});
  table.add({"allowance", grouped(scenario.allowance.initial) + " at once and " +
                              grouped(scenario.allowance.refill_per_day) + " a day, for each account"});
  table.add({"speed", speed_text(estimate)});
  return table.text("  ");
}

std::string allowance_text(const Scenario& scenario) {
  return "  A list of up to " +
         grouped(scenario.allowance.initial / model::kScheduledBatch * model::kScheduledBatch) +
         " numbers costs one account, at once. Nothing but the allowance stands against a sweep, and it is\n"
         "  worth what the registration of an account is worth: accounts that cost nothing make it worth "
         "nothing.\n";
}

Json json_of(const Figure& figure) {
  Json out{{"figure", figure.name}};
  std::visit(
      [&out](const auto& value) {
        using Value = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<Value, Never>) {
          out["value"] = nullptr;
        } else if constexpr (std::is_same_v<Value, Likelihood>) {
          out["value"] = value.value;
        } else {
          out["value"] = value;
        }
      },
      figure.value);
  out["unit"] = figure.unit;
  out["formula"] = figure.formula;
  out["certainty"] = name_of(figure.certainty);
  return out;
}

Json parameters_json(const Scenario& scenario) {
  return {{"subscribers", scenario.subscribers},
          {"contacts", scenario.contacts},
          {"churn_joins", scenario.joins},
          {"churn_leaves", scenario.leaves},
          {"epoch_days", scenario.epoch_days},
          {"labels", protocol::name(scenario.labels)},
          {"label_bytes", scenario.label_bytes},
          {"suite", name_of(scenario.suite)},
          {"clients", scenario.clients},
          {"network",
           {{"name", scenario.network->name},
            {"down_kbit_s", scenario.network->down_kbit_s},
            {"up_kbit_s", scenario.network->up_kbit_s},
            {"round_trip_ms", scenario.network->round_trip_ms},
            {"source", scenario.network->source}}},
          {"allowance",
           {{"initial", scenario.allowance.initial}, {"refill_per_day", scenario.allowance.refill_per_day}}},
          {"join_in", scenario.rush->name}};
}

/// The shortest digits that give the same double again.
std::string digits_of(double value) {
  std::array<char, 64> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return {text.data(), end};
}

std::string csv_value(const Figure& figure) {
  return std::visit(
      [](const auto& value) -> std::string {
        using Value = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<Value, Never>) {
          return "never";
        } else if constexpr (std::is_same_v<Value, Likelihood>) {
          return digits_of(value.value);
        } else if constexpr (std::is_same_v<Value, double>) {
          return digits_of(value);
        } else {
          return std::to_string(value);
        }
      },
      figure.value);
}

}  // namespace

std::string estimate_text(const Estimate& estimate) {
  std::string out = "what this is an estimate of\n" + parameters_text(estimate);
  for (const std::string& remark : estimate.remarks) {
    out += "  note: " + remark + "\n";
  }
  for (const FigureSection& section : estimate.sections) {
    out += "\n" + section.title + "\n";
    Table table;
    for (const Figure& figure : section.figures) {
      table.add({figure.words, value_text(figure), std::string(name_of(figure.certainty)),
                 std::string(figure.formula)});
    }
    out += table.text("  ");
  }
  out += allowance_text(estimate.scenario);
  out +=
      "\nhow far to trust it\n"
      "  exact figures are arithmetic; expected ones are means, which runs come close to; calibrated ones "
      "are\n"
      "  counts times what the machine above was measured to take. The last column names the formula, in\n"
      "  docs/spec/model.md. Bytes are bodies of HTTP unless they are called heads.\n"
      "\nwhat it does not cover\n";
  for (const char* const clause : kNotCovered) {
    out += "  - " + std::string(clause) + "\n";
  }
  return out;
}

std::string estimate_json(const Estimate& estimate) {
  Json figures = Json::array();
  for (const FigureSection& section : estimate.sections) {
    for (const Figure& figure : section.figures) {
      figures.push_back(json_of(figure));
    }
  }
  Json calibration;
  if (estimate.calibration) {
    calibration = {{"machine", estimate.calibration->machine},
                   {"kernel", estimate.calibration->kernel},
                   {"suite", estimate.calibration->suite},
                   {"commit", estimate.calibration->commit},
                   {"shipped", estimate.calibration_shipped}};
  }
  return json_text({{"schema", "blindbook.estimate/1"},
                    {"parameters", parameters_json(estimate.scenario)},
                    {"calibration", std::move(calibration)},
                    {"figures", std::move(figures)},
                    {"remarks", estimate.remarks},
                    {"not_covered", kNotCovered}});
}

std::string estimate_csv(const Estimate& estimate) {
  std::string out = "figure,value,unit,formula,certainty\r\n";
  for (const FigureSection& section : estimate.sections) {
    for (const Figure& figure : section.figures) {
      out.append(figure.name).append(",").append(csv_value(figure)).append(",").append(figure.unit);
      out.append(",").append(figure.formula).append(",").append(name_of(figure.certainty)).append("\r\n");
    }
  }
  return out;
}

}  // namespace blindbook::cli
