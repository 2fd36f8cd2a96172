#pragma once

#include "blindbook/base/bytes.h"
#include "blindbook/base/error.h"
#include "blindbook/contact/contact.h"

namespace blindbook::contact {

/// Reads an address book in whichever known format it is, recognised by its content: vCard 2.1, 3.0 or 4.0;
/// CSV of Google, Outlook or Thunderbird; LDIF. UTF-8, UTF-16 of either byte order, and windows-1252, with or
/// without a byte order mark. What a reader could not use is among the rejects. A file of nothing but white
/// space is a book without contacts: so do some programs export one. Never fails for how the contacts of a
/// known format are written, and a file that is cut off keeps all that came before. BadInput "contact.format"
/// when no reader knows the content, "contact.too-many" when it passes one of the limits of contact.h, which
/// ends the reading at once.
///
/// Time is linear in the size of `file`. Memory, beside `file`: the result, which holds names and numbers and
/// nothing else (of a photo, not a byte), a few MiB for the line or row in hand and, for UTF-16 only, a copy
/// as UTF-8 of at most one and a half times its size. The limits bound the result: reading a book and
/// collect() of it together stay under 512 MiB of heap, that copy aside.
[[nodiscard]] Result<AddressBook> read_address_book(ByteView file, const ReadOptions& options = {});

}  // namespace blindbook::contact
