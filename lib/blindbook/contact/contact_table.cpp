#include "blindbook/contact/contact_table.h"

#include <algorithm>
#include <utility>

#include "blindbook/contact/ascii.h"
#include "blindbook/contact/csv.h"
#include "blindbook/contact/number_kind.h"
#include "blindbook/contact/reject_reason.h"
#include "blindbook/contact/text_encoding.h"

namespace blindbook::contact {
namespace {

/// Google joins the numbers of one cell so. No number of another program has it in it.
constexpr std::string_view kJoin = ":::";

class RowReader {
 public:
  RowReader(const ContactColumns& columns, std::string_view source, const ReadOptions& options)
      : columns_(columns), source_(source), options_(options) {}

  void take(const CsvRecord& record) {
    if (record.fault == CsvFault::kUnclosedQuote || record.fault == CsvFault::kTooLong) {
      book_.rejects.push_back(make_reject(source_, record.line, {}, RejectReason::kDamagedRow));
      return;
    }
    Contact contact{name_of(record), {}, record.line};
    for (const PhoneColumn& phone : columns_.phones) {
      if (phone.value >= record.fields.size()) {
        break;
      }
      numbers_of(record, phone, contact.numbers);
    }
    book_.contacts.push_back(std::move(contact));
  }

  AddressBook finish() && { return std::move(book_); }

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

  void numbers_of(const CsvRecord& record, const PhoneColumn& phone, std::vector<RawNumber>& out) {
    const bool cut = !record.terminated && record.fields.size() < columns_.count &&
                     phone.value + 1 == record.fields.size();
    const bool skipped = !options_.include_fax_and_pager &&
                         (phone.fax_or_pager || (phone.kind && is_fax_or_pager(cell(record, *phone.kind))));
    std::string_view rest = record.fields[phone.value];
    while (!rest.empty()) {
      const std::size_t end = rest.find(kJoin);
      std::string value = decoded_text(trimmed(rest.substr(0, end)));
      rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + kJoin.size());
      if (value.empty()) {
        continue;
      }
      if (skipped) {
        book_.rejects.push_back(make_reject(source_, record.line, value, RejectReason::kFaxOrPager));
      } else if (cut && rest.empty()) {
        book_.rejects.push_back(make_reject(source_, record.line, value, RejectReason::kTruncated));
      } else {
        out.push_back({std::move(value), record.line});
      }
    }
  }

  const ContactColumns& columns_;
  std::string_view source_;
  ReadOptions options_;
  AddressBook book_;
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

AddressBook read_contact_table(std::string_view text, const ContactTable& table, std::string_view source,
                               const ReadOptions& options) {
  CsvReader reader({.delimiter = table.delimiter});
  RowReader rows(table.columns, source, options);
  bool at_header = table.has_header;
  reader.push(text);
  for (const bool last : {false, true}) {
    if (last) {
      reader.finish();
    }
    while (const CsvRecord* record = reader.next()) {
      if (!std::exchange(at_header, false)) {
        rows.take(*record);
      }
    }
  }
  return std::move(rows).finish();
}

}  // namespace blindbook::contact
