#pragma once

#include <optional>
#include <string_view>

#include "blindbook/contact/contact_table.h"

namespace blindbook::contact {

/// The table that `text` is if its first record is the header of a Google Contacts export: it names a column
/// `Phone 1 - Value` or `E-mail 1 - Value`. There are two dialects: `Name` and `Phone n - Type`, and since
/// 2024 `First Name` .. `Last Name` and `Phone n - Label`.
[[nodiscard]] std::optional<ContactTable> find_google_table(std::string_view text);

}  // namespace blindbook::contact
