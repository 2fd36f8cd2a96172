#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

/// What every source of subscribers reads in the same way.
namespace blindbook::service {

/// Names of the columns, or members, of a row.
/// @{
inline constexpr std::string_view kNumberColumn = "number";
inline constexpr std::string_view kLabelColumn = "label";
inline constexpr std::string_view kDiscoverableColumn = "discoverable";
/// @}

/// Far beyond any real row, and what a source without ends of lines may take of memory.
inline constexpr std::size_t kMaxRowBytes = std::size_t{64} << 10;

/// Whether a source has to have the column `discoverable`. Where an opt-in list decides it may be absent, and then says
/// yes in each row.
enum class DiscoverableColumn { kRequired, kOptional };

/// yes, true and 1 in any case; no, false, 0 and nothing; nothing for any other word.
[[nodiscard]] std::optional<bool> parse_discoverable(std::string_view text);

}  // namespace blindbook::service
