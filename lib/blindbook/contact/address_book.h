#pragma once

#include <string_view>

#include "blindbook/base/bytes.h"
#include "blindbook/base/error.h"
#include "blindbook/contact/contact.h"

namespace blindbook::contact {

/// Reads an address book in whichever known format it is, recognised by its content: vCard 3.0 or 4.0, Google
/// CSV in both dialects. `source_name` is what rejects are reported under; what a reader could not use is
/// among them. A file of nothing but white space is a book without contacts: so do some programs export one.
/// BadInput "contact.format" when no reader knows the content.
[[nodiscard]] Result<AddressBook> read_address_book(ByteView file, std::string_view source_name,
                                                    const ReadOptions& options = {});

}  // namespace blindbook::contact
