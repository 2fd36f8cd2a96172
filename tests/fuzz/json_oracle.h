#pragma once

#include <optional>
#include <string_view>

namespace blindbook::fuzz {

/// The first rule of parse_strict_json() that `text` breaks, read off RFC 8259 by a parser that shares no
/// code with it; nothing when the text is strict. "json.float" for every number that is no integer of 64
/// bits; "json.size" is not looked at.
[[nodiscard]] std::optional<std::string_view> broken_json_rule(std::string_view text);

}  // namespace blindbook::fuzz
