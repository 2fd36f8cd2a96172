#include "blindbook/base/printable.h"

#include "blindbook/base/utf8.h"

namespace blindbook {
namespace {

bool is_break(char32_t value) {
  return value == U'\t' || value == U'\n' || value == U'\r' || value == 0x85 || value == 0x2028 ||
         value == 0x2029;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const CodePoint point = next_code_point(text);
    const bool crlf = text.starts_with("\r\n");
    text.remove_prefix(crlf ? 2 : point.size);
    if (is_break(point.value)) {
      out.push_back(' ');
    } else if (!is_control_or_bidi(point.value)) {
      append_utf8(out, point.value);
    }
  }
  return out;
}

}  // namespace blindbook
