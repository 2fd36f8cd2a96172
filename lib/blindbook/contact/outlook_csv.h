#pragma once

#include <optional>
#include <string_view>

#include "blindbook/contact/contact_table.h"

namespace blindbook::contact {

/// The table that `text` is if its first record is the header of an Outlook export, by Outlook for Windows or
/// by Outlook.com: one column of numbers and one of names, addresses or firms have the headings of that
/// program, in English (`Mobile Phone`, `Business Phone`, ..) or in German (`Mobiltelefon`, `Telefon
/// geschäftlich`, .., with parentheses also). The order and number of columns differ between versions and do
/// not matter. `Telex` is no column of numbers.
[[nodiscard]] std::optional<ContactTable> find_outlook_table(std::string_view text);

}  // namespace blindbook::contact
