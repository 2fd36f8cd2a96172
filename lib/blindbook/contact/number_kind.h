#pragma once

#include <string_view>

namespace blindbook::contact {

/// True when a label or heading, such as "Work Fax" or "Fax (privat)", speaks of a fax machine or a pager:
/// people who subscribe to a messenger are not reached there. By words: "Halifax" is a place.
[[nodiscard]] bool is_fax_or_pager(std::string_view label) noexcept;

}  // namespace blindbook::contact
