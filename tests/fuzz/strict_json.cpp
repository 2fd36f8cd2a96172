// The strict JSON under announcements, tokens, config.json and subscriber lists, against a parser of its own.
#include "blindbook/protocol/strict_json.h"

#include <optional>

#include <nlohmann/json.hpp>

#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/json_oracle.h"

namespace blindbook::fuzz {

void run(ByteView input) {
  constexpr std::size_t kMaxBytes = 2048;
  const std::string_view text = text_of(input);
  const Result<nlohmann::json> parsed = protocol::parse_strict_json(text, kMaxBytes);
  if (text.size() > kMaxBytes) {
    require(!parsed, "no text is longer than it may be");
    require_refusal(parsed.error(), Fault::kBadInput, {"json.size"});
    return;
  }
  const std::optional<std::string_view> broken = broken_json_rule(text);
  if (parsed) {
    require(!broken, "what is accepted is strict JSON");
    require(protocol::parse_strict_json(parsed->dump(), 8 * kMaxBytes).value() == *parsed,
            "a value survives being written");
    return;
  }
  require(broken.has_value(), "strict JSON is accepted");
  if (*broken == "json.float") {
    // One beyond the largest double is no number to nlohmann/json.
    require_refusal(parsed.error(), Fault::kBadInput, {"json.float", "json.syntax"});
  } else {
    require_refusal(parsed.error(), Fault::kBadInput, {*broken});
  }
}

}  // namespace blindbook::fuzz
