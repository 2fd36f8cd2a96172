#pragma once

#include <string_view>

#include "blindbook/contact/contact.h"

namespace blindbook::contact {

/// True when the first line of `text` that is not blank begins a vCard.
[[nodiscard]] bool is_vcard(std::string_view text) noexcept;

/// Reads vCard 3.0 (RFC 2426) and 4.0 (RFC 6350). Never fails: exports are seldom well-formed, and what can
/// be read is read. A card ends at END, at the next BEGIN or at the end of the file; lines outside cards are
/// skipped. The name is FN, else the components of N joined. A TEL on the last, unfinished line of an
/// unfinished card becomes a reject "truncated", for a cut number is another number. Linear in the size of
/// `text`.
[[nodiscard]] AddressBook read_vcard(std::string_view text, std::string_view source,
                                     const ReadOptions& options);

}  // namespace blindbook::contact
