#include "blindbook/contact/google_csv.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "blindbook/contact/ascii.h"

namespace blindbook::contact {
namespace {

/// True for "<kind> <digits> - <part>", such as "Phone 1 - Value".
bool is_numbered(std::string_view heading, std::string_view kind, std::string_view part) {
  if (!starts_with_ignoring_case(heading, kind)) {
    return false;
  }
  heading.remove_prefix(kind.size());
  if (!heading.starts_with(' ')) {
    return false;
  }
  heading.remove_prefix(1);
  const std::size_t digits = std::min(heading.find_first_not_of("0123456789"), heading.size());
  return digits > 0 && heading.substr(digits).starts_with(" - ") &&
         equals_ignoring_case(heading.substr(digits + 3), part);
}

bool is_header(const Cells& headings) {
  return std::any_of(headings.begin(), headings.end(), [](const std::string& heading) {
    return is_numbered(heading, "Phone", "Value") || is_numbered(heading, "E-mail", "Value");
  });
}

std::optional<ContactColumns> google_columns(const Cells& headings) {
  constexpr std::array<std::string_view, 8> kParts = {"Name Prefix",     "Given Name",  "First Name",
                                                      "Additional Name", "Middle Name", "Family Name",
                                                      "Last Name",       "Name Suffix"};
  if (!is_header(headings)) {
    return std::nullopt;
  }
  ContactColumns out;
  out.count = headings.size();
  out.full_name = find_column(headings, "Name");
  for (const std::string_view part : kParts) {
    if (const auto column = find_column(headings, part)) {
      out.parts_of_name.push_back(*column);
    }
  }
  out.organization = find_column(headings, "Organization Name");
  if (!out.organization) {
    out.organization = find_column(headings, "Organization 1 - Name");
  }
  for (std::size_t i = 0; i < headings.size(); ++i) {
    if (!is_numbered(headings[i], "Phone", "Value")) {
      continue;
    }
    // The type or label of a number stands in the column before it, in both dialects.
    PhoneColumn phone{i, std::nullopt};
    if (i > 0 &&
        (is_numbered(headings[i - 1], "Phone", "Type") || is_numbered(headings[i - 1], "Phone", "Label"))) {
      phone.kind = i - 1;
    }
    out.phones.push_back(phone);
  }
  find_unread_columns(headings, out);
  return out;
}

}  // namespace

std::optional<ContactTable> find_google_table(std::string_view text) {
  return find_table_with_header(text, google_columns);
}

}  // namespace blindbook::contact
