#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "blindbook/base/error.h"
#include "blindbook/contact/contact.h"

/// CSV files with one contact a row: what the exports of Google, Outlook and Thunderbird have in common.
namespace blindbook::contact {

/// A column of numbers; indices count from 0.
struct PhoneColumn {
  std::size_t value;
  std::optional<std::size_t> kind;  ///< The column in which each row says what its number is, as "Work Fax".
  bool fax_or_pager = false;        ///< The heading says so for all rows.
};

/// A column that is not read, although its heading speaks of phones.
struct UnreadColumn {
  std::size_t index;
  std::string heading;
};

/// What the columns of a table mean.
struct ContactColumns {
  std::optional<std::size_t> full_name;
  std::vector<std::size_t> parts_of_name;   ///< Joined for want of a full name; in the order they are spoken.
  std::optional<std::size_t> organization;  ///< The name of those who have none.
  std::vector<PhoneColumn> phones;          ///< In ascending order.
  std::vector<UnreadColumn> unread;         ///< In ascending order.
  std::size_t count = 0;                    ///< Of a whole row.
};

struct ContactTable {
  char delimiter = ',';
  bool has_header = true;
  ContactColumns columns;
};

using Cells = std::vector<std::string>;

/// What programs put between cells: most a comma, those set to German a semicolon, Thunderbird on request a
/// tab.
inline constexpr std::array kDelimiters = {',', ';', '\t'};

/// How much of a file is looked at to see whether it is a table.
inline constexpr std::size_t kMaxHeader = std::size_t{64} << 10;

/// A record at the beginning of a file, its cells decoded and trimmed.
struct FirstRecord {
  Cells cells;
  bool terminated;  ///< False when the file ends before its line does.
};

/// The first records of `text`, at most `count` and only those that end within its first kMaxHeader bytes; up
/// to one that RFC 4180 does not allow.
[[nodiscard]] std::vector<FirstRecord> first_records(std::string_view text, char delimiter,
                                                     std::size_t count);

/// The table that `text` is if its first record, cut at one of kDelimiters, is a header that `columns_of`
/// knows.
[[nodiscard]] std::optional<ContactTable> find_table_with_header(
    std::string_view text, std::optional<ContactColumns> (*columns_of)(const Cells& headings));

/// The column with that heading, of which ASCII case does not matter.
[[nodiscard]] std::optional<std::size_t> find_column(const Cells& headings, std::string_view wanted);

/// Finds ContactColumns::unread, once all that is known has been found: so that numbers are not lost without
/// a word because a version, a language or a person calls their column otherwise.
void find_unread_columns(const Cells& headings, ContactColumns& columns);

/// Reads the rows. The first number in an unread column becomes a reject "unread-column" whose value is the
/// heading. A cell may hold several numbers joined by ` ::: `. A row whose last quote is not closed,
/// or that is longer than CsvOptions allows, becomes a reject "damaged-row"; a number in the last cell of a
/// short last row without a line end becomes a reject "truncated". BadInput "contact.too-many", see
/// AddressBookBuilder. Linear in the size of `text`; beside the result, one record is held.
[[nodiscard]] Result<AddressBook> read_contact_table(std::string_view text, const ContactTable& table,
                                                     const ReadOptions& options);

}  // namespace blindbook::contact
