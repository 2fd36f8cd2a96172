#include "blindbook/protocol/strict_json.h"

#include <string>

#include <nlohmann/json.hpp>

#include "blindbook/protocol/strict_json_events.h"

namespace blindbook::protocol {
namespace {

/// As deep as the value, which parse_strict_json() bounds.
void empty(nlohmann::json& value) noexcept {
  for (nlohmann::json& item : value) {
    if (item.is_structured()) {
      empty(item);
    }
  }
  value.clear();
}

}  // namespace

EmptiedAtEnd::~EmptiedAtEnd() {
  if (value_.is_structured()) {
    empty(value_);
  }
}

Result<void> read_strict_json(std::string_view text, std::size_t max_bytes, StrictJsonEvents& events) {
  if (text.size() > max_bytes) {
    return bad_input("json.size", "longer than " + std::to_string(max_bytes) + " bytes");
  }
  // nlohmann/json takes a zero byte for the end of the text, whatever stands behind it. JSON has none
  // anywhere.
  if (text.find('\0') != std::string_view::npos) {
    return bad_input("json.syntax", "not strict JSON (json.syntax)");
  }
  // The parser passes over a byte order mark, which would give one value two texts.
  if (text.starts_with("\xEF\xBB\xBF")) {
    return bad_input("json.syntax", "not strict JSON (a byte order mark)");
  }
  if (!nlohmann::json::sax_parse(text, &events)) {
    return bad_input(events.broken_rule(), "not strict JSON (" + std::string(events.broken_rule()) + ")");
  }
  return {};
}

Result<nlohmann::json> parse_strict_json(std::string_view text, std::size_t max_bytes) {
  StrictJsonEvents events;
  if (auto read = read_strict_json(text, max_bytes, events); !read) {
    return failed(read);
  }
  return nlohmann::json::parse(text);
}

}  // namespace blindbook::protocol
