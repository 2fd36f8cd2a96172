// What `blindbook estimate` takes, what it refuses by which rule, and that its words are those of the model.
#include <cmath>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "cli/calibration_file.h"
#include "cli/common/option_table.h"
#include "cli/estimate_report.h"

using namespace blindbook;
using namespace blindbook::cli;

namespace {

Result<Scenario> scenario(const std::vector<const char*>& words) {
  const auto arguments = Arguments::parse(**find_command("estimate"), words);
  REQUIRE(arguments);
  return scenario_from(*arguments);
}

std::string_view rule_of(const std::vector<const char*>& words) {
  const auto refused = scenario(words);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().fault == Fault::kBadInput);
  CHECK_FALSE(refused.error().hint.empty());
  return refused.error().rule;
}

std::string_view choice_of(std::string_view option) {
  for (const OptionRow& row : options()) {
    if (row.name == option && row.belongs_to(kEstimate)) {
      return row.argument;
    }
  }
  return {};
}

template <class Rows>
std::string joined(const Rows& rows) {
  std::string out;
  for (const auto& row : rows) {
    out += (out.empty() ? "" : "|") + std::string(row.name);
  }
  return out;
}

std::vector<Figure> all_figures(const Scenario& scenario) {
  std::vector<Figure> out;
  for (const FigureSection& section : figures_of(scenario, shipped_calibration().value())) {
    out.insert(out.end(), section.figures.begin(), section.figures.end());
  }
  return out;
}

}  // namespace

TEST_CASE("the words to choose from are those of the model") {
  CHECK(choice_of("network") == joined(model::network_presets()));
  CHECK(choice_of("in") == joined(model::rushes()));
  CHECK(choice_of("suite") == kSuiteChoice);
}

TEST_CASE("an estimate without options is of the defaults that help names") {
  const Scenario defaults = scenario({}).value();
  CHECK(defaults.subscribers == 1'000'000);
  CHECK(defaults.clients == 1'000'000);
  CHECK(defaults.contacts == 1'024);
  CHECK(defaults.joins == 0.005);
  CHECK(defaults.leaves == 0.001);
  CHECK(defaults.epoch_days == 90);
  CHECK(defaults.label_bytes == 0);
  CHECK(defaults.network->name == "LTE");
  CHECK(defaults.rush->name == "month");
  CHECK(defaults.allowance.initial == 8'192);
  CHECK(defaults.allowance.refill_per_day == 320);
  CHECK(defaults.life.first_batches == std::vector<std::uint32_t>{1'024});
}

TEST_CASE("options of an estimate are taken, and a part may be a per cent") {
  const Scenario asked =
      scenario({"--subscribers", "50000", "--contacts", "8192", "--churn-joins", "2%", "--churn-leaves",
                "1e-3", "--epoch", "30", "--labels", "embedded", "--clients", "7", "--allowance", "8192,0"})
          .value();
  CHECK(asked.subscribers == 50'000);
  CHECK(asked.clients == 7);
  CHECK(asked.life.first_batches == std::vector<std::uint32_t>{4'096, 4'096});
  CHECK(asked.life.daily.joins == Approx(1'000));
  CHECK(asked.life.daily.leaves == Approx(50));
  CHECK(asked.life.epoch_days == 30);
  CHECK(asked.life.directory.label_bytes == 24);
  CHECK(asked.allowance.refill_per_day == 0);
  // Clients are the subscribers unless said otherwise; labels that are asked for are not in the directory.
  const Scenario resolved =
      scenario({"--subscribers", "2^3", "--labels", "resolve", "--label-bytes", "64"}).value();
  CHECK(resolved.clients == 8);
  CHECK(resolved.label_bytes == 64);
  CHECK(resolved.life.directory.label_bytes == 0);
}

TEST_CASE("an epoch of two days has patches of two days at most") {
  CHECK(scenario({}).value().patches == 30);
  const Scenario brief = scenario({"--epoch", "2"}).value();
  CHECK(brief.patches == 2);
  CHECK(brief.life.announcement == model::expected_announcement_bytes(3));
}

TEST_CASE("a city that the default ceiling would stop is told so with the number it needs") {
  const auto told = [](const std::vector<const char*>& words) {
    for (const std::string& remark : remarks_on(scenario(words).value())) {
      if (remark.find("ceiling_floor") != std::string::npos) {
        return remark;
      }
    }
    return std::string();
  };
  CHECK(told({"--subscribers", "50000"}).empty());
  // 300,000 clients: 16 each day, and a seventh of 1,024.
  CHECK(told({"--subscribers", "300000"}).find(": 51,200,000 for the launch") != std::string::npos);
  CHECK(told({"--subscribers", "300000", "--in", "morning"}).find(": 307,200,000 for the launch") !=
        std::string::npos);
  CHECK(told({"--subscribers", "300000", "--contacts", "16"}).empty());
}

TEST_CASE("where an epoch is shorter than the week in which clients move they move all the time") {
  const auto value = [](const std::vector<const char*>& words, std::string_view name) {
    for (const Figure& figure : all_figures(scenario(words).value())) {
      if (figure.name == name) {
        return std::get<double>(figure.value);
      }
    }
    return 0.0;
  };
  const std::vector<const char*> brief{"--subscribers", "2^10", "--epoch", "1"};
  CHECK(value(brief, "renewal_day_evaluations") == 1'024 * (16 + 1'024));
  CHECK(value(brief, "service_month_evaluations") == Approx(30 * value(brief, "renewal_day_evaluations")));
}

TEST_CASE("a suite that was never measured has bytes and charges all the same") {
  std::set<std::string> names;
  for (const FigureSection& section :
       figures_of(scenario({"--suite", "p256-sha256"}).value(), std::nullopt)) {
    for (const Figure& figure : section.figures) {
      CHECK(figure.certainty != Certainty::kCalibrated);
      names.insert(figure.name);
    }
  }
  CHECK(names.count("machines_peak_charges") == 1);
  CHECK(names.count("renewal_peak_bits") == 1);
  CHECK(names.count("machines_count") == 0);
}

TEST_CASE("parameters that cannot be are refused by the bound they break") {
  CHECK(rule_of({"--subscribers", "0"}) == "estimate.subscribers");
  CHECK(rule_of({"--subscribers", "1099511627777"}) == "estimate.subscribers");
  CHECK(rule_of({"--subscribers", "many"}) == "estimate.number");
  CHECK(rule_of({"--subscribers", "1e6"}) == "estimate.number");
  CHECK(rule_of({"--subscribers", "99999999999999999999999"}) == "estimate.number");
  CHECK(rule_of({"--clients", "0"}) == "estimate.clients");
  CHECK(rule_of({"--clients", "1099511627777"}) == "estimate.clients");
  CHECK(rule_of({"--contacts", "8193"}) == "estimate.contacts");
  CHECK(rule_of({"--contacts", "1025", "--allowance", "2047,320"}) == "estimate.contacts");
  CHECK(scenario({"--contacts", "1025", "--allowance", "2048,320"}));
  CHECK(rule_of({"--contacts", "0", "--allowance", "63,320"}) == "estimate.contacts");
  CHECK(rule_of({"--churn-joins", "100.1%"}) == "estimate.churn");
  CHECK(scenario({"--churn-joins", "100%", "--churn-leaves", "1"}));
  CHECK(rule_of({"--churn-leaves", "1.1"}) == "estimate.churn");
  CHECK(rule_of({"--churn-leaves", "inf"}) == "estimate.churn");
  CHECK(rule_of({"--churn-joins", "nan"}) == "estimate.number");
  CHECK(rule_of({"--churn-joins=-0.1"}) == "estimate.number");
  CHECK(rule_of({"--churn-joins=-0"}) == "estimate.number");
  CHECK(rule_of({"--churn-joins", "%"}) == "estimate.number");
  CHECK(rule_of({"--epoch", "0"}) == "estimate.epoch");
  CHECK(rule_of({"--epoch", "3651"}) == "estimate.epoch");
  CHECK(rule_of({"--label-bytes", "24"}) == "estimate.labels");
  CHECK(rule_of({"--labels", "embedded", "--label-bytes", "513"}) == "estimate.labels");
  CHECK(rule_of({"--labels", "resolve", "--label-bytes", "1"}) == "estimate.labels");
  CHECK(rule_of({"--allowance", "8192"}) == "estimate.number");
  CHECK(rule_of({"--allowance", "8192,"}) == "estimate.number");
  CHECK(rule_of({"--allowance", "8192,320,1"}) == "estimate.number");
  CHECK(rule_of({"--allowance", "8192,1000000001"}) == "estimate.allowance");
  CHECK(rule_of({"--subscribers", "1099511627776"}) == "estimate.directory");
  CHECK(rule_of({"--subscribers", "10000000", "--labels", "embedded", "--label-bytes", "512"}) ==
        "estimate.directory");
  CHECK(scenario({"--subscribers", "10000000", "--labels", "resolve", "--label-bytes", "512"}));
}

TEST_CASE("every figure has a name of its own, a unit and a formula") {
  for (const char* labels : {"none", "embedded", "resolve"}) {
    std::set<std::string> names;
    for (const Figure& figure : all_figures(scenario({"--labels", labels}).value())) {
      CAPTURE(figure.name);
      CHECK(names.insert(figure.name).second);
      CHECK_FALSE(figure.unit.empty());
      CHECK_FALSE(figure.formula.empty());
      CHECK_FALSE(figure.words.empty());
      CHECK(figure.name.find_first_of(",\"\n") == std::string::npos);
    }
  }
}

TEST_CASE("every figure stays finite at the bounds") {
  for (const std::vector<const char*>& words : std::vector<std::vector<const char*>>{
           {"--subscribers", "1", "--contacts", "0", "--churn-joins", "0", "--churn-leaves", "0", "--epoch",
            "1"},
           {"--subscribers", "1", "--contacts", "8192", "--churn-joins", "1", "--churn-leaves", "1",
            "--epoch", "3650", "--allowance", "1000000000,1000000000"},
           {"--subscribers", "1000000000", "--clients", "1099511627776", "--contacts", "8192", "--in",
            "morning", "--churn-joins", "1"}}) {
    for (const Figure& figure : all_figures(scenario(words).value())) {
      CAPTURE(figure.name);
      if (const auto* value = std::get_if<double>(&figure.value)) {
        CHECK(std::isfinite(*value));
        CHECK(*value >= (figure.name == "directory_bits_above_bound" ? -100 : 0));
      }
    }
  }
}

TEST_CASE("a calibration is what was written, and nothing else") {
  model::Calibration made{
      .machine = "a machine", .kernel = "scalar51", .suite = "p256-sha256", .commit = "1"};
  std::uint64_t next = 1;
  for (const model::CalibrationField& field : model::calibration_fields()) {
    made.*field.value = next++;
  }
  const std::string text = calibration_text(made);
  CHECK(parse_calibration(text).value() == made);
  CHECK(shipped_calibration());

  using Json = nlohmann::ordered_json;
  const Json good = Json::parse(text);
  const auto refusal = [](const std::string& changed) {
    const auto refused = parse_calibration(changed);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().fault == Fault::kBadInput);
    return refused.error();
  };
  const auto changed = [&](const char* member, const Json& value) {
    Json other = good;
    other[member] = value;
    return other.dump();
  };
  CHECK(refusal("").rule == "calibration.syntax");
  CHECK(refusal(text + "x").rule == "calibration.syntax");
  CHECK(refusal(changed("blind_ns", 1.5)).rule == "calibration.syntax");
  CHECK(refusal(std::string(70'000, ' ') + text).rule == "calibration.syntax");
  CHECK(refusal("[]").rule == "calibration.schema");
  CHECK(refusal(changed("schema", "blindbook.calibration/2")).rule == "calibration.schema");
  CHECK(refusal(changed("schema", 1)).rule == "calibration.schema");
  CHECK(refusal(changed("suite", "rsa")).rule == "calibration.suite");
  CHECK(refusal(changed("later", 1)).rule == "calibration.member");
  CHECK(refusal(changed("machine", "")).rule == "calibration.member");
  CHECK(refusal(changed("machine", std::string(256, 'm'))).rule == "calibration.member");
  CHECK(refusal(changed("blind_ns", -1)).rule == "calibration.member");
  CHECK(refusal(changed("evaluate_ns", 0)).rule == "calibration.member");
  CHECK(refusal(changed("blind_ns", model::kMostCalibrated + 1)).rule == "calibration.member");
  CHECK(parse_calibration(changed("blind_ns", model::kMostCalibrated)));
  for (const auto& member : good.items()) {
    Json without = good;
    without.erase(member.key());
    const Error error = refusal(without.dump());
    CHECK(error.rule == (member.key() == "schema" ? "calibration.schema" : "calibration.member"));
    if (member.key() != "schema") {
      CHECK(error.message.find(member.key()) != std::string::npos);
    }
  }
}
