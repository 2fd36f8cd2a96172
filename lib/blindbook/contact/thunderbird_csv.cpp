#include "blindbook/contact/thunderbird_csv.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "blindbook/contact/ascii.h"
#include "blindbook/contact/number_kind.h"

namespace blindbook::contact {
namespace {

// Where things stand in the fixed order: first, last and display name, nickname, two addresses, screen name,
// numbers (work, home, fax, pager, mobile), two postal addresses of six columns, title, department,
// organization, two web pages, birthday, four columns of the user's own, notes.
constexpr std::size_t kColumns = 37;
constexpr std::size_t kFirstAddress = 4;
constexpr std::size_t kLastAddress = 5;
constexpr std::size_t kFirstPhone = 7;
constexpr std::size_t kFax = 9;
constexpr std::size_t kPager = 10;
constexpr std::size_t kLastPhone = 11;
constexpr std::size_t kOrganization = 26;
constexpr std::size_t kFirstOfBirthday = 29;
constexpr std::size_t kLastOfBirthday = 31;

constexpr std::size_t kRowsLookedAt = 20;

std::optional<ContactColumns> english_columns(const Cells& headings) {
  constexpr auto kPhones = std::to_array<std::string_view>(
      {"Work Phone", "Home Phone", "Fax Number", "Pager Number", "Mobile Number"});
  ContactColumns out;
  out.count = headings.size();
  for (std::size_t i = 0; i < headings.size(); ++i) {
    if (std::any_of(kPhones.begin(), kPhones.end(),
                    [&](std::string_view one) { return equals_ignoring_case(headings[i], one); })) {
      out.phones.push_back({i, std::nullopt, is_fax_or_pager(headings[i])});
    }
  }
  if (out.phones.empty() || !find_column(headings, "Primary Email")) {
    return std::nullopt;
  }
  find_unread_columns(headings, out);
  out.full_name = find_column(headings, "Display Name");
  for (const std::string_view part : {"First Name", "Last Name"}) {
    if (const auto column = find_column(headings, part)) {
      out.parts_of_name.push_back(*column);
    }
  }
  out.organization = find_column(headings, "Organization");
  if (!out.organization) {
    out.organization = find_column(headings, "Organisation");
  }
  return out;
}

ContactColumns fixed_columns() {
  ContactColumns out{
      .full_name = 2, .parts_of_name = {0, 1}, .organization = kOrganization, .count = kColumns};
  for (std::size_t i = kFirstPhone; i <= kLastPhone; ++i) {
    out.phones.push_back({i, std::nullopt, i == kFax || i == kPager});
  }
  return out;
}

bool has_every_column(const Cells& cells) {
  return cells.size() == kColumns || (cells.size() == kColumns + 1 && cells.back().empty());
}

bool has_digit(const std::string& cell) {
  return std::any_of(cell.begin(), cell.end(), is_ascii_digit);
}

bool has_at_sign(const std::string& cell) {
  return cell.find('@') != std::string::npos;
}

/// True when `is` holds for each of the cells `first` to `last`.
template <class Is>
bool all_cells(const Cells& cells, std::size_t first, std::size_t last, Is is) {
  return std::all_of(cells.begin() + static_cast<std::ptrdiff_t>(first),
                     cells.begin() + static_cast<std::ptrdiff_t>(last + 1), is);
}

bool is_contact(const Cells& cells) {
  return has_every_column(cells) &&
         all_cells(cells, kFirstAddress, kLastAddress,
                   [](const std::string& cell) { return cell.empty() || has_at_sign(cell); }) &&
         all_cells(cells, kFirstPhone, kLastPhone,
                   [](const std::string& cell) { return cell.empty() || has_digit(cell); }) &&
         all_cells(cells, kFirstOfBirthday, kLastOfBirthday, [](const std::string& cell) {
           return std::all_of(cell.begin(), cell.end(), is_ascii_digit);
         });
}

bool can_be_reached(const Cells& contact) {
  const auto is_empty = [](const std::string& cell) { return cell.empty(); };
  return !all_cells(contact, kFirstAddress, kLastAddress, is_empty) ||
         !all_cells(contact, kFirstPhone, kLastPhone, is_empty);
}

bool is_header(const Cells& cells) {
  return has_every_column(cells) &&
         all_cells(cells, 0, kLastPhone, [](const std::string& cell) { return !cell.empty(); }) &&
         all_cells(cells, kFirstAddress, kLastAddress,
                   [](const std::string& cell) { return !has_at_sign(cell); }) &&
         all_cells(cells, kFirstPhone, kLastPhone, [](const std::string& cell) { return !has_digit(cell); });
}

std::optional<ContactTable> find_fixed_table(std::string_view text, char delimiter) {
  std::vector<FirstRecord> records = first_records(text, delimiter, kRowsLookedAt);
  // The file may end inside its last row.
  if (!records.empty() && !records.back().terminated && !has_every_column(records.back().cells)) {
    records.pop_back();
  }
  const bool has_header = !records.empty() && is_header(records.front().cells);
  bool reached = false;
  for (auto record = records.begin() + (has_header ? 1 : 0); record != records.end(); ++record) {
    if (!is_contact(record->cells)) {
      return std::nullopt;
    }
    reached = reached || can_be_reached(record->cells);
  }
  return reached ? std::optional(ContactTable{delimiter, has_header, fixed_columns()}) : std::nullopt;
}

}  // namespace

std::optional<ContactTable> find_thunderbird_table(std::string_view text) {
  if (auto table = find_table_with_header(text, english_columns)) {
    return table;
  }
  for (const char delimiter : kDelimiters) {
    if (auto table = find_fixed_table(text, delimiter)) {
      return table;
    }
  }
  return std::nullopt;
}

}  // namespace blindbook::contact
