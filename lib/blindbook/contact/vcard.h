#pragma once

#include <string_view>

#include "blindbook/base/error.h"
#include "blindbook/contact/contact.h"

namespace blindbook::contact {

/// True when the first line of `text` that is not blank begins a vCard.
[[nodiscard]] bool is_vcard(std::string_view text) noexcept;

/// Reads vCard 2.1 (versit 1996), 3.0 (RFC 2426) and 4.0 (RFC 6350), whatever a card calls itself. Exports
/// are seldom well-formed, and what can be read is read; the one error is BadInput "contact.too-many", see
/// AddressBookBuilder. A card ends at END, at the next BEGIN
/// or at the end of the file; lines outside cards are skipped. The name is FN, else the components of N
/// joined. The card inside an AGENT is a contact of its own, as lines (2.1) and as escaped text (3.0, up to
/// four texts inside each other). A number whose types name FAX or PAGER and neither VOICE nor CELL, or whose
/// X-ABLabel says so, is one for ReadOptions::include_fax_and_pager. A TEL on the last, unfinished line
/// of an unfinished card becomes a reject "truncated", for a cut number is another number. Linear in the size
/// of `text`; beside the result, one line of at most kMaxContentLine bytes is held.
[[nodiscard]] Result<AddressBook> read_vcard(std::string_view text, const ReadOptions& options);

}  // namespace blindbook::contact
