#include "cli/calibration_file.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "blindbook/protocol/strict_json.h"

#include "cli/common/input.h"
#include "cli/common/json_text.h"
#include "cli/common/suite_names.h"

namespace blindbook::cli {
namespace {

using nlohmann::json;

constexpr std::string_view kSchema = "blindbook.calibration/1";
constexpr std::size_t kMaxBytes = 65'536;
constexpr std::size_t kMaxTextBytes = 255;

struct TextField {
  const char* name;
  std::string model::Calibration::*value;
};
constexpr std::array kTexts{
    TextField{"machine", &model::Calibration::machine}, TextField{"kernel", &model::Calibration::kernel},
    TextField{"suite", &model::Calibration::suite}, TextField{"commit", &model::Calibration::commit}};

bool is_known(std::string_view name) {
  const auto fields = model::calibration_fields();
  return name == "schema" ||
         std::any_of(kTexts.begin(), kTexts.end(),
                     [&](const TextField& text) { return name == text.name; }) ||
         std::any_of(fields.begin(), fields.end(), [&](const auto& field) { return name == field.name; });
}

tl::unexpected<Error> refuse_member(std::string_view what, std::string_view name) {
  return bad_input("calibration.member",
                   "the calibration has " + std::string(what) + " member: " + std::string(name),
                   "blindbook bench --calibrate FILE makes one of this machine");
}

}  // namespace

Result<model::Calibration> parse_calibration(std::string_view text) {
  const Result<json> parsed = protocol::parse_strict_json(text, kMaxBytes);
  if (!parsed) {
    return bad_input("calibration.syntax", "the calibration is " + parsed.error().message);
  }
  // First, because another version may well have other members.
  if (!parsed->is_object() || !parsed->contains("schema") || parsed->at("schema") != kSchema) {
    return bad_input("calibration.schema", "the calibration is not of schema " + std::string(kSchema),
                     "blindbook bench --calibrate FILE makes one of this machine");
  }
  for (const auto& member : parsed->items()) {
    if (!is_known(member.key())) {
      return refuse_member("an unknown", member.key());
    }
  }
  model::Calibration out;
  for (const TextField& field : kTexts) {
    const auto at = parsed->find(field.name);
    if (at == parsed->end() || !at->is_string() || at->get_ref<const std::string&>().empty() ||
        at->get_ref<const std::string&>().size() > kMaxTextBytes) {
      return refuse_member("a missing or unusable", field.name);
    }
    out.*field.value = at->get<std::string>();
  }
  for (const model::CalibrationField& field : model::calibration_fields()) {
    const auto at = parsed->find(std::string(field.name));
    if (at == parsed->end() || !at->is_number_unsigned() ||
        at->get<std::uint64_t>() > model::kMostCalibrated ||
        (field.value == &model::Calibration::evaluate_ns && *at == 0)) {  // which machines are divided by
      return refuse_member("a missing or unusable", field.name);
    }
    out.*field.value = at->get<std::uint64_t>();
  }
  if (!suite_by_name(out.suite)) {
    return bad_input("calibration.suite", "the calibration is of no suite of protocol v1",
                     "there are " + std::string(kSuiteChoice));
  }
  return out;
}

Result<model::Calibration> read_calibration(const std::string& path) {
  const auto bytes = read_input(path, kMaxBytes);
  if (!bytes) {
    return tl::unexpected<Error>(bytes.error());
  }
  return parse_calibration(text_of(*bytes));
}

Result<model::Calibration> shipped_calibration() {
  return parse_calibration(model::shipped_calibration_text());
}

std::string calibration_text(const model::Calibration& calibration) {
  nlohmann::ordered_json out;
  out["schema"] = kSchema;
  for (const TextField& field : kTexts) {
    out[field.name] = calibration.*field.value;
  }
  for (const model::CalibrationField& field : model::calibration_fields()) {
    out[std::string(field.name)] = calibration.*field.value;
  }
  return json_text(out);
}

}  // namespace blindbook::cli
