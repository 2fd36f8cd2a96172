#include "blindbook/contact/outlook_csv.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

#include "blindbook/contact/ascii.h"
#include "blindbook/contact/number_kind.h"

namespace blindbook::contact {
namespace {

constexpr auto kPhones = std::to_array<std::string_view>(
    {"Assistant's Phone", "Business Fax", "Business Phone", "Business Phone 2", "Callback", "Car Phone",
     "Company Main Phone", "Home Fax", "Home Phone", "Home Phone 2", "ISDN", "Mobile Phone", "Other Fax",
     "Other Phone", "Pager", "Primary Phone", "Radio Phone", "TTY/TDD Phone",
     // German
     "Telefon Assistent", "Fax geschäftlich", "Telefon geschäftlich", "Telefon geschäftlich 2", "Rückmeldung",
     "Autotelefon", "Telefon Firma", "Fax privat", "Telefon privat", "Telefon privat 2", "Mobiltelefon",
     "Mobiltelefon 2", "Weiteres Fax", "Weiteres Telefon", "Haupttelefon", "Telefon für Hörbehinderte",
     // German, with parentheses
     "Telefon Assistent(in)", "Fax (geschäftlich)", "Telefon (geschäftlich)", "Telefon 2 (geschäftlich)",
     "Rückruf", "Firma Zentrale", "Fax (privat)", "Telefon (privat)", "Telefon 2 (privat)", "Handy",
     "Fax (Sonstiges)", "Telefon (Sonstiges)", "Haupttelefonnummer", "Funktelefon", "Texttelefon"});

/// In the order they are spoken; English and German.
constexpr auto kPartsOfName =
    std::to_array<std::string_view>({"Title", "Anrede", "First Name", "Vorname", "Middle Name",
                                     "Weitere Vornamen", "Last Name", "Nachname", "Suffix"});

constexpr auto kOrganization = std::to_array<std::string_view>({"Company", "Firma"});

constexpr auto kAddress = std::to_array<std::string_view>({"E-mail Address", "E-Mail-Adresse"});

bool is_one_of(std::string_view heading, std::span<const std::string_view> known) {
  return std::any_of(known.begin(), known.end(),
                     [&](std::string_view one) { return equals_ignoring_case(heading, one); });
}

std::optional<ContactColumns> outlook_columns(const Cells& headings) {
  ContactColumns out;
  out.count = headings.size();
  for (const std::string_view part : kPartsOfName) {
    if (const auto column = find_column(headings, part)) {
      out.parts_of_name.push_back(*column);
    }
  }
  bool has_address = false;
  for (std::size_t i = 0; i < headings.size(); ++i) {
    if (is_one_of(headings[i], kPhones)) {
      out.phones.push_back({i, std::nullopt, is_fax_or_pager(headings[i])});
    }
    if (!out.organization && is_one_of(headings[i], kOrganization)) {
      out.organization = i;
    }
    has_address = has_address || is_one_of(headings[i], kAddress);
  }
  find_unread_columns(headings, out);
  const bool says_who = has_address || out.organization || !out.parts_of_name.empty();
  return out.phones.empty() || !says_who ? std::nullopt : std::optional(std::move(out));
}

}  // namespace

std::optional<ContactTable> find_outlook_table(std::string_view text) {
  return find_table_with_header(text, outlook_columns);
}

}  // namespace blindbook::contact
