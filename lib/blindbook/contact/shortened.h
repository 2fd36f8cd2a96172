#pragma once

#include <cstddef>
#include <string>

namespace blindbook::contact {

/// `value`, valid UTF-8, in at most `max_bytes` bytes, which are at least 3: a longer one is cut between two
/// characters and ends in an ellipsis.
[[nodiscard]] std::string shortened(std::string value, std::size_t max_bytes);

}  // namespace blindbook::contact
