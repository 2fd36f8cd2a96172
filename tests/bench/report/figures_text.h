#pragma once

#include <string>

/// Figures of a report in words.
namespace blindbook::bench {

/// "1.23 s", "45.6 ms", "7.89 us": three digits.
[[nodiscard]] std::string seconds_text(double seconds);

/// "x 12.3": three digits; "x 1,234" from a thousand on.
[[nodiscard]] std::string ratio_text(double ratio);

}  // namespace blindbook::bench
