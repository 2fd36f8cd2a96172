#pragma once

#include <string_view>

#include "blindbook/base/error.h"
#include "blindbook/contact/contact.h"

namespace blindbook::contact {

/// True when `text` is LDIF: its first line that is neither blank nor a comment nor `version:` names an entry
/// (`dn:`).
[[nodiscard]] bool is_ldif(std::string_view text);

/// Reads LDIF (RFC 2849), as Thunderbird, Evolution and directory servers export people. The one
/// error is BadInput "contact.too-many", see AddressBookBuilder. An entry is a contact; it begins at `dn:`. The name is displayName, else cn, else givenName and sn, else o.
/// The numbers are those of RFC 4519 and RFC 4524, of Active Directory, Mozilla and Evolution; facsimile and
/// pager attributes are for ReadOptions::include_fax_and_pager. `attribute:: base64` is decoded; where that
/// is no base64, a name is kept as it stands and a number becomes a reject "damaged-row"; what `attribute:< url` names is never fetched. An entry that is a change
/// (RFC 2849 `changetype`, which stands in front of all attributes; elsewhere it means nothing) other than
/// `add` is skipped, since its numbers may be what is removed. A number on the last, unfinished line becomes
/// a reject "truncated". Linear in the size of `text`; beside the result, one line of at most kMaxContentLine
/// bytes is held.
[[nodiscard]] Result<AddressBook> read_ldif(std::string_view text, const ReadOptions& options);

}  // namespace blindbook::contact
