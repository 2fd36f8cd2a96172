#pragma once

#include <optional>
#include <string_view>

#include "blindbook/contact/contact_table.h"

namespace blindbook::contact {

/// The table that `text` is if Thunderbird exported it, in any of its versions.
///
/// An English header is known by `Primary Email` and a column of numbers (`Work Phone`, `Mobile Number`, ..),
/// in any order. Every other file must look like what the program writes, which has no header (old versions)
/// or one in the language of its user: 37 columns, or 38 of which the last is empty, in an order that has
/// never changed. Of the first 20 rows (those within kMaxHeader bytes) each must have that many, its two
/// cells of e-mail addresses (4, 5) empty or with an `@`, its five cells of numbers (7 to 11) empty or with a
/// digit, and its three of the birthday (29 to 31) empty or digits only; and an address or a number must be
/// there at all. The first row may be a header instead: its cells 0 to 11 all filled, no `@` where addresses
/// stand and no digit where numbers do.
[[nodiscard]] std::optional<ContactTable> find_thunderbird_table(std::string_view text);

}  // namespace blindbook::contact
