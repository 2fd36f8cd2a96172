#pragma once

#include <cstddef>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "blindbook/base/error.h"

namespace blindbook::protocol {

/// Parses JSON that has one meaning only: no duplicate keys, no floats (nor numbers beyond 64 bits), UTF-8
/// only and without a byte order mark, nothing behind the value, at most `max_bytes` long and 16 levels deep.
/// Anything else is BadInput "json.<rule>"; who the bytes came from decides what fault the caller makes of
/// it.
[[nodiscard]] Result<nlohmann::json> parse_strict_json(std::string_view text, std::size_t max_bytes);

}  // namespace blindbook::protocol
