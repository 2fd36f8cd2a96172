#pragma once

#include <string_view>

namespace blindbook::contact {

/// True when a label or heading, such as "Work Fax" or "Fax (privat)", speaks of a fax machine or a pager:
/// people who subscribe to a messenger are not reached there. By words: "Halifax" is a place.
[[nodiscard]] bool is_fax_or_pager(std::string_view label) noexcept;

/// True when the heading of a column, such as "Phone 3" or "Handynummer", speaks of phone numbers, in English
/// or German. By the ends of words: "Phonetic First Name" does not.
[[nodiscard]] bool speaks_of_phones(std::string_view heading) noexcept;

}  // namespace blindbook::contact
