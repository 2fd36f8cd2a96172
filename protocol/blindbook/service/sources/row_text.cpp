#include "blindbook/service/sources/row_text.h"

#include <algorithm>
#include <initializer_list>

#include "blindbook/contact/ascii.h"

namespace blindbook::service {

std::optional<bool> parse_discoverable(std::string_view text) {
  const std::string_view word = contact::trimmed(text);
  const auto is_one_of = [&](std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view one) { return contact::equals_ignoring_case(word, one); });
  };
  if (is_one_of({"yes", "true", "1"})) {
    return true;
  }
  if (is_one_of({"no", "false", "0", ""})) {
    return false;
  }
  return std::nullopt;
}

}  // namespace blindbook::service
