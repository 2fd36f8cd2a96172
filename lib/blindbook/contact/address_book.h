#pragma once

#include <string_view>

#include "blindbook/base/bytes.h"
#include "blindbook/base/error.h"
#include "blindbook/contact/contact.h"

namespace blindbook::contact {

/// Reads an address book in whichever known format it is, recognised by its content: vCard 2.1, 3.0 or 4.0;
/// CSV of Google, Outlook or Thunderbird; LDIF. UTF-8, UTF-16 of either byte order, and windows-1252, with or
/// without a byte order mark. `source_name` is what rejects are reported under; what a reader could not use
/// is among them. A file of nothing but white space is a book without contacts: so do some programs export
/// one. Never fails for what stands in a book of a known format, and a file that is cut off keeps all that
/// came before. BadInput "contact.format" when no reader knows the content.
///
/// Time is linear in the size of `file`. Memory, beside `file`: the result, which holds names and numbers and
/// nothing else (of a photo, not a byte), at most 1 MiB for the line or row in hand and, for UTF-16 only, a
/// copy as UTF-8 of at most one and a half times its size.
[[nodiscard]] Result<AddressBook> read_address_book(ByteView file, std::string_view source_name,
                                                    const ReadOptions& options = {});

}  // namespace blindbook::contact
