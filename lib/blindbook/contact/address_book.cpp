#include "blindbook/contact/address_book.h"

#include <array>
#include <string>

#include "blindbook/contact/ascii.h"
#include "blindbook/contact/google_csv.h"
#include "blindbook/contact/vcard.h"

namespace blindbook::contact {
namespace {

struct Format {
  bool (*recognises)(std::string_view text);
  AddressBook (*read)(std::string_view text, std::string_view source, const ReadOptions& options);
};

/// Asked in this order.
constexpr std::array kFormats = {
    Format{[](std::string_view text) { return is_vcard(text); }, read_vcard},
    Format{is_google_csv, read_google_csv},
};

}  // namespace

Result<AddressBook> read_address_book(ByteView file, std::string_view source_name,
                                      const ReadOptions& options) {
  const std::string_view text = text_of(file);
  if (trimmed(text).empty()) {
    return AddressBook{};
  }
  for (const Format& format : kFormats) {
    if (format.recognises(text)) {
      return format.read(text, source_name, options);
    }
  }
  return bad_input("contact.format", "the address book is in no known format",
                   "export it as vCard (.vcf) or as Google CSV");
}

}  // namespace blindbook::contact
