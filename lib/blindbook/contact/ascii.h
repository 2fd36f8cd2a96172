#pragma once

#include <string_view>

/// Text as the formats of address books compare it: ASCII case does not matter, other bytes are opaque, no
/// locale.
namespace blindbook::contact {

[[nodiscard]] constexpr bool is_ascii_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

[[nodiscard]] constexpr bool is_ascii_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

/// `text` without spaces, tabs and line ends around it.
[[nodiscard]] std::string_view trimmed(std::string_view text) noexcept;

[[nodiscard]] bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept;
[[nodiscard]] bool starts_with_ignoring_case(std::string_view text, std::string_view prefix) noexcept;
[[nodiscard]] bool contains_ignoring_case(std::string_view text, std::string_view part) noexcept;

}  // namespace blindbook::contact
