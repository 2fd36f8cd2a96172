#pragma once

#include <optional>
#include <string>
#include <string_view>

/// Quoted-printable (RFC 2045 section 6.7), in which vCard 2.1 writes what is not ASCII.
namespace blindbook::contact {

/// `line` without the `=` at its end that says that its text goes on in the next line, and without the white
/// space that transport may have put behind it; nothing when it has no such soft line break.
[[nodiscard]] std::optional<std::string_view> before_soft_break(std::string_view line) noexcept;

/// The bytes that `text` stands for. An `=` without two hex digits, of either case, behind it is kept.
[[nodiscard]] std::string decoded_quoted_printable(std::string_view text);

}  // namespace blindbook::contact
