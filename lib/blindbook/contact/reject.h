#pragma once

#include <cstddef>
#include <string>

#include "blindbook/contact/reject_reason.h"

namespace blindbook::contact {

/// A number that was not used, or used with a doubt, and why. Cannot be streamed, as all that holds numbers.
struct Reject {
  std::size_t line;   ///< As RawNumber::line.
  std::string value;  ///< The number as it stands there, at most kMaxRejectValue bytes; made by others: not
                      ///< safe for a terminal. Of kUnreadColumn, the heading.
  RejectReason reason;
};

/// Longer values are cut at a character and end in an ellipsis.
inline constexpr std::size_t kMaxRejectValue = 200;

/// A Reject with `value` cut to kMaxRejectValue bytes.
[[nodiscard]] Reject make_reject(std::size_t line, std::string value, RejectReason reason);

}  // namespace blindbook::contact
