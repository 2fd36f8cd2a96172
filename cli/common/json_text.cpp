#include "cli/common/json_text.h"

#include <array>
#include <cstdio>

#include <nlohmann/json.hpp>

#include "blindbook/base/utf8.h"

namespace blindbook::cli {

std::string json_text(const nlohmann::ordered_json& json) {
  const std::string dumped = json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  std::string out;
  out.reserve(dumped.size() + 1);
  for (std::string_view rest = dumped; !rest.empty();) {
    const CodePoint point = next_code_point(rest);
    // dump() has escaped C0; what is left of it are its own line breaks. All others are in the BMP.
    if (is_control_or_bidi(point.value) && point.value != U'\n') {
      std::array<char, 8> escape{};
      std::snprintf(escape.data(), escape.size(), "\\u%04x", static_cast<unsigned>(point.value));
      out += escape.data();
    } else {
      out += rest.substr(0, point.size);
    }
    rest.remove_prefix(point.size);
  }
  out += '\n';
  return out;
}

}  // namespace blindbook::cli
