#include "blindbook/contact/contact_table.h"

#include <algorithm>
#include <utility>

#include "blindbook/contact/address_book_builder.h"
#include "blindbook/contact/ascii.h"
#include "blindbook/contact/csv.h"
#include "blindbook/contact/number_kind.h"
#include "blindbook/contact/text_encoding.h"

namespace blindbook::contact {
namespace {

/// Google joins the numbers of one cell so. No number of another program has it in it.
constexpr std::string_view kJoin = ":::";

class RowReader {
 public:
  RowReader(const ContactColumns& columns, const ReadOptions& options)
      : columns_(columns), unread_(columns.unread), options_(options) {}

  bool full() const { return book_.full(); }

  void take(const CsvRecord& record) {
    if (record.fault == CsvFault::kUnclosedQuote || record.fault == CsvFault::kTooLong) {
      book_.reject(record.line, {}, RejectReason::kDamagedRow);
      return;
    }
    const std::size_t card = book_.begin_card(record.line);
    book_.name(card, name_of(record));
    for (const PhoneColumn& phone : columns_.phones) {
      if (phone.value >= record.fields.size()) {
        break;
      }
      numbers_of(record, phone, card);
    }
    report_unread(record);
  }

  Result<AddressBook> finish() && { return std::move(book_).finish(); }

 private:
  static std::string_view cell(const CsvRecord& record, std::size_t column) {
    return column < record.fields.size() ? trimmed(record.fields[column]) : std::string_view();
  }

  std::string name_of(const CsvRecord& record) const {
    std::string out;
    if (columns_.full_name) {
      out = decoded_text(cell(record, *columns_.full_name));
    }
    if (out.empty()) {
      for (const std::size_t column : columns_.parts_of_name) {
        const std::string part = decoded_text(cell(record, column));
        if (!part.empty()) {
          out.append(out.empty() ? "" : " ").append(part);
        }
      }
    }
    if (out.empty() && columns_.organization) {
      out = decoded_text(cell(record, *columns_.organization));
    }
    return out;
  }

  /// A column is reported once, and only when it holds something: programs write all of theirs.
  void report_unread(const CsvRecord& record) {
    const auto has_number = [&](const UnreadColumn& column) {
      const std::string_view value = cell(record, column.index);
      return std::any_of(value.begin(), value.end(), is_ascii_digit);
    };
    for (UnreadColumn& column : unread_) {
      if (column.index >= record.fields.size()) {
        break;
      }
      if (!column.heading.empty() && has_number(column)) {
        book_.reject(record.line, std::exchange(column.heading, {}), RejectReason::kUnreadColumn);
      }
    }
  }

  void numbers_of(const CsvRecord& record, const PhoneColumn& phone, std::size_t card) {
    const bool cut = !record.terminated && record.fields.size() < columns_.count &&
                     phone.value + 1 == record.fields.size();
    const bool skipped = !options_.include_fax_and_pager &&
                         (phone.fax_or_pager || (phone.kind && is_fax_or_pager(cell(record, *phone.kind))));
    std::string_view rest = record.fields[phone.value];
    while (!rest.empty() && !full()) {
      const std::size_t end = rest.find(kJoin);
      std::string value = decoded_text(trimmed(rest.substr(0, end)));
      rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + kJoin.size());
      if (value.empty()) {
        continue;
      }
      if (skipped) {
        book_.reject(record.line, std::move(value), RejectReason::kFaxOrPager);
      } else if (cut && rest.empty()) {
        book_.reject(record.line, std::move(value), RejectReason::kTruncated);
      } else {
        book_.add_number(card, std::move(value), record.line);
      }
    }
  }

  const ContactColumns& columns_;
  std::vector<UnreadColumn> unread_;  // without its heading once it is reported
  ReadOptions options_;
  AddressBookBuilder book_;
};

}  // namespace

std::vector<FirstRecord> first_records(std::string_view text, char delimiter, std::size_t count) {
  CsvReader reader({.delimiter = delimiter});
  reader.push(text.substr(0, kMaxHeader));
  std::vector<FirstRecord> out;
  bool finished = text.size() > kMaxHeader;
  while (out.size() < count) {
    const CsvRecord* record = reader.next();
    if (record == nullptr) {
      if (std::exchange(finished, true)) {
        break;
      }
      reader.finish();
      continue;
    }
    if (record->fault) {
      break;
    }
    FirstRecord& first = out.emplace_back(FirstRecord{{}, record->terminated});
    for (const std::string& field : record->fields) {
      first.cells.push_back(decoded_text(trimmed(field)));
    }
  }
  return out;
}

std::optional<ContactTable> find_table_with_header(
    std::string_view text, std::optional<ContactColumns> (*columns_of)(const Cells& headings)) {
  for (const char delimiter : kDelimiters) {
    for (const FirstRecord& header : first_records(text, delimiter, 1)) {
      if (auto columns = columns_of(header.cells)) {
        return ContactTable{delimiter, true, *std::move(columns)};
      }
    }
  }
  return std::nullopt;
}

std::optional<std::size_t> find_column(const Cells& headings, std::string_view wanted) {
  const auto found = std::find_if(headings.begin(), headings.end(), [&](const std::string& heading) {
    return equals_ignoring_case(heading, wanted);
  });
  return found == headings.end() ? std::nullopt
                                 : std::optional(static_cast<std::size_t>(found - headings.begin()));
}

void find_unread_columns(const Cells& headings, ContactColumns& columns) {
  const auto is_read = [&](std::size_t column) {
    return std::any_of(columns.phones.begin(), columns.phones.end(), [column](const PhoneColumn& phone) {
      return phone.value == column || phone.kind == column;
    });
  };
  for (std::size_t i = 0; i < headings.size(); ++i) {
    if (speaks_of_phones(headings[i]) && !is_read(i)) {
      columns.unread.push_back({i, headings[i]});
    }
  }
}

Result<AddressBook> read_contact_table(std::string_view text, const ContactTable& table,
                                       const ReadOptions& options) {
  CsvReader reader({.delimiter = table.delimiter});
  RowReader rows(table.columns, options);
  bool at_header = table.has_header;
  reader.push(text);
  for (const bool last : {false, true}) {
    if (last) {
      reader.finish();
    }
    while (!rows.full()) {
      const CsvRecord* record = reader.next();
      if (record == nullptr) {
        break;
      }
      if (!std::exchange(at_header, false)) {
        rows.take(*record);
      }
    }
  }
  return std::move(rows).finish();
}

}  // namespace blindbook::contact
