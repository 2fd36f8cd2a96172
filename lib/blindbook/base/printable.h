#pragma once

#include <string>
#include <string_view>

namespace blindbook {

/// `text` as it may be shown on a terminal or in one line of a report: valid UTF-8 on one line, without
/// control and bidi characters (is_control_or_bidi). Tabs and line breaks become one space each, CR LF
/// counting as one; bad sequences become U+FFFD. For names, labels and rejected values, which others chose.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace blindbook
