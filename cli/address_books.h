#pragma once

#include <cstddef>
#include <vector>

#include "blindbook/base/error.h"
#include "blindbook/base/identifier.h"
#include "blindbook/contact/contact_list.h"

#include "cli/common/arguments.h"

namespace blindbook::cli {

/// What a messenger that uploads the address book would have sent, to be shown beside what this program sent.
struct NaiveUpload {
  std::size_t numbers = 0;  ///< as they stand in the books, the unusable ones included
  std::size_t names = 0;    ///< cards with a name and a number
};

/// The address books of one run, read and normalised: complete before the first connection.
struct AddressBooks {
  contact::ContactList list;
  std::vector<Identifier> identifiers;  ///< distinct, in the order of list.contacts
  NaiveUpload naive;
};

/// Reads what --contacts names ("-" is standard input), under --region and --include-fax-and-pager. A book is
/// held as a whole while it is read. BadInput "contact.format" and
/// "contact.too-many" naming the file, "contact.region", and those
/// of read_input(), "file.size" above 512 MiB among them.
[[nodiscard]] Result<AddressBooks> read_address_books(const Arguments& arguments);

}  // namespace blindbook::cli
