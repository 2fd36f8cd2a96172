#pragma once

#include <string_view>

#include "blindbook/contact/contact.h"

namespace blindbook::contact {

/// True when the first record of `text` is the header of a Google Contacts export, in either dialect: it
/// names a column `Phone 1 - Value` or `E-mail 1 - Value`. Spreadsheets that save it again may change `,` to
/// `;` or a tab.
[[nodiscard]] bool is_google_csv(std::string_view text);

/// Reads a Google Contacts export: `Name` and `Phone n - Type`, or since 2024 `First Name` .. `Last Name` and
/// `Phone n - Label`, with `Phone n - Value` in both. One cell may hold several numbers joined by ` ::: `. A
/// row whose last quote is not closed becomes a reject "damaged-row"; a number in the last cell of a short
/// last row without a line end becomes a reject "truncated". Linear in the size of `text`.
[[nodiscard]] AddressBook read_google_csv(std::string_view text, std::string_view source,
                                          const ReadOptions& options);

}  // namespace blindbook::contact
