#include "blindbook/contact/google_csv.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "blindbook/base/utf8.h"
#include "blindbook/contact/ascii.h"
#include "blindbook/contact/csv.h"
#include "blindbook/contact/reject_reason.h"

namespace blindbook::contact {
namespace {

constexpr std::string_view kJoin = ":::";

struct PhoneColumn {
  std::size_t value;
  std::optional<std::size_t> type;
};

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

struct Columns {
  std::optional<std::size_t> full_name;     // "Name", in the older dialect
  std::vector<std::size_t> parts_of_name;   // in the order they are spoken
  std::optional<std::size_t> organization;  // what Google shows for a contact without a name
  std::vector<PhoneColumn> phones;          // ascending
  std::size_t count = 0;
};

std::optional<std::size_t> find_column(const std::vector<std::string>& headings, std::string_view wanted) {
  const auto found = std::find_if(headings.begin(), headings.end(), [&](const std::string& heading) {
    return equals_ignoring_case(trimmed(heading), wanted);
  });
  return found == headings.end() ? std::nullopt
                                 : std::optional(static_cast<std::size_t>(found - headings.begin()));
}

Columns columns_of(const std::vector<std::string>& headings) {
  constexpr std::array<std::string_view, 7> kParts = {"Name Prefix",     "Given Name",  "First Name",
                                                      "Additional Name", "Middle Name", "Family Name",
                                                      "Last Name"};
  Columns out;
  out.count = headings.size();
  out.full_name = find_column(headings, "Name");
  for (const std::string_view part : kParts) {
    if (const auto column = find_column(headings, part)) {
      out.parts_of_name.push_back(*column);
    }
  }
  if (const auto suffix = find_column(headings, "Name Suffix")) {
    out.parts_of_name.push_back(*suffix);
  }
  out.organization = find_column(headings, "Organization Name");
  if (!out.organization) {
    out.organization = find_column(headings, "Organization 1 - Name");
  }
  for (std::size_t i = 0; i < headings.size(); ++i) {
    if (!is_numbered(trimmed(headings[i]), "Phone", "Value")) {
      continue;
    }
    // The type or label of a number stands in the column before it, in both dialects.
    PhoneColumn phone{i, std::nullopt};
    if (i > 0 && (is_numbered(trimmed(headings[i - 1]), "Phone", "Type") ||
                  is_numbered(trimmed(headings[i - 1]), "Phone", "Label"))) {
      phone.type = i - 1;
    }
    out.phones.push_back(phone);
  }
  return out;
}

bool is_header(const std::vector<std::string>& headings) {
  return std::any_of(headings.begin(), headings.end(), [](const std::string& heading) {
    return is_numbered(trimmed(heading), "Phone", "Value") ||
           is_numbered(trimmed(heading), "E-mail", "Value");
  });
}

/// The delimiter with which the first record is a header.
std::optional<char> find_delimiter(std::string_view text) {
  for (const char delimiter : {',', ';', '\t'}) {
    CsvReader reader({.delimiter = delimiter});
    reader.push(text);
    const CsvRecord* record = reader.next();
    if (record == nullptr) {
      reader.finish();
      record = reader.next();
    }
    if (record != nullptr && !record->fault && is_header(record->fields)) {
      return delimiter;
    }
  }
  return std::nullopt;
}

class RowReader {
 public:
  RowReader(Columns columns, std::string_view source, const ReadOptions& options)
      : columns_(std::move(columns)), source_(source), options_(options) {}

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
      out = cell(record, *columns_.full_name);
    }
    if (out.empty()) {
      for (const std::size_t column : columns_.parts_of_name) {
        const std::string_view part = cell(record, column);
        if (!part.empty()) {
          out.append(out.empty() ? "" : " ").append(part);
        }
      }
    }
    if (out.empty() && columns_.organization) {
      out = cell(record, *columns_.organization);
    }
    return repaired_utf8(out);
  }

  void numbers_of(const CsvRecord& record, const PhoneColumn& phone, std::vector<RawNumber>& out) {
    const bool cut = !record.terminated && record.fields.size() < columns_.count &&
                     phone.value + 1 == record.fields.size();
    const bool skipped =
        !options_.include_fax_and_pager && phone.type && is_fax_or_pager(cell(record, *phone.type));
    std::string_view rest = record.fields[phone.value];
    while (!rest.empty()) {
      const std::size_t end = rest.find(kJoin);
      std::string value = repaired_utf8(trimmed(rest.substr(0, end)));
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

  static bool is_fax_or_pager(std::string_view type) {
    return contains_ignoring_case(type, "fax") || contains_ignoring_case(type, "pager");
  }

  Columns columns_;
  std::string_view source_;
  ReadOptions options_;
  AddressBook book_;
};

}  // namespace

bool is_google_csv(std::string_view text) {
  return find_delimiter(text).has_value();
}

AddressBook read_google_csv(std::string_view text, std::string_view source, const ReadOptions& options) {
  CsvReader reader({.delimiter = find_delimiter(text).value_or(',')});
  reader.push(text);
  std::optional<RowReader> rows;
  const auto drain = [&] {
    while (const CsvRecord* record = reader.next()) {
      if (rows) {
        rows->take(*record);
      } else {
        rows.emplace(columns_of(record->fields), source, options);
      }
    }
  };
  drain();
  reader.finish();
  drain();
  return rows ? std::move(*rows).finish() : AddressBook{};
}

}  // namespace blindbook::contact
