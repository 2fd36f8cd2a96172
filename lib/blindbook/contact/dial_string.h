#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "blindbook/contact/reject_reason.h"

namespace blindbook::contact {

/// What people type into a number field, made ready for a numbering plan: text rules only, no knowledge of
/// any country. Where libphonenumber would turn letters into digits or append what follows the number, this
/// decides first.
struct DialString {
  /// Digits with `+ ( ) [ ] - . /` and spaces, ASCII, beginning and ending with what can belong to a number;
  /// holds a digit. Empty when `reject` is set.
  std::string number;
  /// What stood behind the first `,` or `;`, as far as it could be a second number: begins with + or 0. Else
  /// empty.
  std::string second;
  std::optional<RejectReason> reject;
};

/// Longer input is no number: reject "too-long".
inline constexpr std::size_t kMaxRawNumber = 1024;

/// In this order: takes a `tel:` URI apart (RFC 3966, with phone-context and percent escapes); drops
/// invisible and bidi characters; makes spaces, dashes, digits and full-width forms ASCII; drops
/// parenthesised groups that hold a letter; cuts at pauses and extensions (`p` `w` `,` `;` `x` `#` `ext`);
/// rejects service codes ("service-code"), the letters left ("letters"), other characters inside
/// ("characters") and what has no digit ("empty", "not-a-number").
[[nodiscard]] DialString read_dial_string(std::string_view raw);

}  // namespace blindbook::contact
