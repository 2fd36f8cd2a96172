#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "blindbook/base/types.h"

/// Numbers and times in words, for text output, and numbers out of words.
namespace blindbook::cli {

/// Of "1024" or "2^10"; nothing where it is neither, or does not fit.
[[nodiscard]] std::optional<std::uint64_t> whole_number(std::string_view text);

/// "1,234,567".
[[nodiscard]] std::string grouped(std::uint64_t number);

/// "1 request", "2 requests"; the plural by appending s.
[[nodiscard]] std::string counted(std::uint64_t number, std::string_view singular);

/// "812 bytes", "64.2 kB", "4.7 MB": SI units, three digits.
[[nodiscard]] std::string size_text(std::uint64_t bytes);

/// "2026-03-01T12:00:00Z".
[[nodiscard]] std::string time_text(UnixTime time);

/// The largest unit that gives at least 2, or else 1: "90 days", "36 hours", "1 minute", "0 seconds".
[[nodiscard]] std::string duration_text(std::uint64_t seconds);

}  // namespace blindbook::cli
