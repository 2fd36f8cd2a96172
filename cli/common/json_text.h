#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace blindbook::cli {

/// `json` indented by two spaces, with a line break at its end. Control and bidi characters within strings
/// are escaped, so that it may go to a terminal; bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string json_text(const nlohmann::ordered_json& json);

}  // namespace blindbook::cli
