#include "blindbook/contact/address_book.h"

#include <string>

#include "blindbook/contact/ascii.h"
#include "blindbook/contact/google_csv.h"
#include "blindbook/contact/ldif.h"
#include "blindbook/contact/outlook_csv.h"
#include "blindbook/contact/text_encoding.h"
#include "blindbook/contact/thunderbird_csv.h"
#include "blindbook/contact/vcard.h"

namespace blindbook::contact {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

Result<AddressBook> read_text(std::string_view text, const ReadOptions& options) {
  if (text.starts_with(kByteOrderMark)) {
    text.remove_prefix(kByteOrderMark.size());
  }
  if (trimmed(text).empty()) {
    return AddressBook{};
  }
  if (is_vcard(text)) {
    return read_vcard(text, options);
  }
  if (is_ldif(text)) {
    return read_ldif(text, options);
  }
  // Thunderbird first: it shares the headings First Name and Home Phone with Outlook.
  for (const auto& find_table : {find_google_table, find_thunderbird_table, find_outlook_table}) {
    if (const auto table = find_table(text)) {
      return read_contact_table(text, *table, options);
    }
  }
  return bad_input("contact.format", "the address book is in no known format",
                   "export it as vCard (.vcf), as CSV for Google, Outlook or Thunderbird, or as LDIF");
}

}  // namespace

Result<AddressBook> read_address_book(ByteView file, const ReadOptions& options) {
  if (const auto order = utf16_byte_order(file)) {
    return read_text(utf8_from_utf16(file, *order), options);
  }
  return read_text(text_of(file), options);
}

}  // namespace blindbook::contact
