#include "blindbook/service/event.h"

#include <nlohmann/json.hpp>

namespace blindbook::service {

Event error_event(std::string_view name, const Error& error) {
  return {name, {{"rule", std::string(error.rule)}, {"message", error.message}}};
}

std::string json_line(const Event& event, UnixTime now) {
  nlohmann::ordered_json line{{"time", now.value()}, {"event", event.name}};
  for (const auto& [name, value] : event.fields) {
    std::visit([&line, key = std::string(name)](const auto& held) { line[key] = held; }, value);
  }
  return line.dump(-1, ' ', /*ensure_ascii=*/true, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace blindbook::service
