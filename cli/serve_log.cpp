#include "cli/serve_log.h"

#include <cstdint>
#include <cstdio>
#include <variant>

#include "blindbook/base/printable.h"

#include "cli/common/clock.h"
#include "cli/common/terminal.h"
#include "cli/common/text.h"

namespace blindbook::cli {
namespace {

bool wants_json(const Arguments& arguments) {
  const auto format = arguments.value("log");
  return format ? *format == "json" : !stderr_is_terminal();
}

std::string value_text(const std::variant<std::string, std::uint64_t>& value) {
  if (const auto* number = std::get_if<std::uint64_t>(&value)) {
    return std::to_string(*number);
  }
  const std::string text = printable(std::get<std::string>(value));
  const bool is_word = !text.empty() && text.find_first_of(" \"=") == std::string::npos;
  return is_word ? text : "\"" + text + "\"";
}

}  // namespace

ServeLog::ServeLog(const Arguments& arguments) : json_(wants_json(arguments)) {}

void ServeLog::write(const service::Event& event) const {
  const std::string line = (json_ ? service::json_line(event, now()) : text_line(event, now())) + "\n";
  std::fwrite(line.data(), 1, line.size(), stderr);
}

void ServeLog::warn(std::string_view text) const {
  if (json_) {
    write({"warning", {{"message", std::string(text)}}});
  } else {
    cli::warn(text);
  }
}

std::string text_line(const service::Event& event, UnixTime now) {
  std::string out = time_text(now);
  out.append(" ").append(event.name);
  for (const auto& [name, value] : event.fields) {
    out.append(" ").append(name).append("=").append(value_text(value));
  }
  return out;
}

}  // namespace blindbook::cli
