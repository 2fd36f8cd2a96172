#include "blindbook/contact/shortened.h"

#include <string_view>

#include "blindbook/base/utf8.h"

namespace blindbook::contact {

std::string shortened(std::string value, std::size_t max_bytes) {
  constexpr std::string_view kEllipsis = "\u2026";
  if (value.size() <= max_bytes) {
    return value;
  }
  const std::string_view text = value;
  std::size_t kept = 0;
  for (;;) {
    const std::size_t size = next_code_point(text.substr(kept)).size;
    if (kept + size + kEllipsis.size() > max_bytes) {
      // A new string: the old one keeps the memory of the whole value.
      return std::string(text.substr(0, kept)).append(kEllipsis);
    }
    kept += size;
  }
}

}  // namespace blindbook::contact
