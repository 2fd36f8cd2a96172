#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace blindbook {

/// What stands in for bytes that are not UTF-8.
inline constexpr char32_t kReplacementCharacter = U'\uFFFD';

struct CodePoint {
  char32_t value;  ///< kReplacementCharacter when `valid` is false.
  std::size_t
      size;  ///< Bytes consumed, 1 to 4; of a bad sequence its maximal subpart (Unicode 15, section 3.9).
  bool valid;
};

/// The first code point of `text`, which must not be empty. RFC 3629: overlong forms, surrogates and values
/// above U+10FFFF are bad sequences.
[[nodiscard]] CodePoint next_code_point(std::string_view text) noexcept;

[[nodiscard]] bool is_valid_utf8(std::string_view text) noexcept;

/// Appends the UTF-8 of `value`, a Unicode scalar value; anything else becomes kReplacementCharacter.
void append_utf8(std::string& out, char32_t value);

/// `text` with each bad sequence replaced by kReplacementCharacter.
[[nodiscard]] std::string repaired_utf8(std::string_view text);

/// True for what can move a terminal's cursor or reorder the text around it: C0 and C1 controls, DEL, line
/// and paragraph separators (U+2028, U+2029) and every character with the property Bidi_Control (UAX #9).
[[nodiscard]] bool is_control_or_bidi(char32_t value) noexcept;

}  // namespace blindbook
