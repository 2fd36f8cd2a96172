#include "blindbook/service/subscriber_source.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "blindbook/contact/ascii.h"
#include "blindbook/contact/csv.h"
#include "blindbook/protocol/strict_json.h"
#include "blindbook/protocol/strict_json_events.h"
#include "blindbook/service/chunk_reader.h"

namespace blindbook::service {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kNumber = "number";
constexpr std::string_view kLabel = "label";
constexpr std::string_view kDiscoverable = "discoverable";
constexpr const char* kHeaderHint = "its first line names the columns: number,label,discoverable";

/// Excel saves CSV like this where the comma is the decimal mark.
bool looks_like_semicolons(const std::vector<std::string>& names) {
  return std::any_of(names.begin(), names.end(),
                     [](const std::string& name) { return name.find(';') != std::string::npos; });
}

/// Far beyond any real row, and what a file without line ends may take of memory.
constexpr std::size_t kMaxRowBytes = std::size_t{64} << 10;

std::optional<bool> parse_discoverable(std::string_view text) {
  const std::string_view word = contact::trimmed(text);
  const auto is_one_of = [&](std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view one) { return contact::equals_ignoring_case(word, one); });
  };
  if (is_one_of({"yes", "true", "1"})) {
    return true;
  }
  if (is_one_of({"no", "false", "0", ""})) {
    return false;
  }
  return std::nullopt;
}

class CsvSubscribers final : public SubscriberSource {
 public:
  explicit CsvSubscribers(ChunkReader reader)
      : reader_(std::move(reader)),
        csv_({.delimiter = ',', .max_record_bytes = kMaxRowBytes, .line_breaks_in_quotes = false}) {}

  [[nodiscard]] Result<bool> next(SubscriberRow& row) override {
    if (!columns_) {
      if (Result<void> header = read_header(); !header) {
        return failed(header);
      }
    }
    Result<const contact::CsvRecord*> record = next_record();
    if (!record) {
      return failed(record);
    }
    if (*record == nullptr) {
      return false;
    }
    fill(row, **record);
    return true;
  }
  [[nodiscard]] std::uint64_t bytes_read() const noexcept override { return reader_.bytes_read(); }
  [[nodiscard]] std::uint64_t bytes_total() const noexcept override { return reader_.bytes_total(); }

 private:
  struct Columns {
    std::size_t number, label, discoverable, count;
  };

  Result<const contact::CsvRecord*> next_record() {
    while (true) {
      if (const contact::CsvRecord* record = csv_.next(); record != nullptr || ended_) {
        return record;
      }
      const Result<std::string_view> chunk = reader_.next();
      if (!chunk) {
        return tl::unexpected<Error>(chunk.error());
      }
      if (chunk->empty()) {
        csv_.finish();
        ended_ = true;
      } else {
        csv_.push(*chunk);
      }
    }
  }

  Result<void> read_header() {
    Result<const contact::CsvRecord*> record = next_record();
    if (!record) {
      return failed(record);
    }
    if (*record == nullptr) {
      return bad_input("source.header", "the subscriber list is empty", kHeaderHint);
    }
    const std::vector<std::string>& names = (*record)->fields;
    std::array<std::size_t, 3> at{};
    const std::array<std::string_view, 3> wanted{kNumber, kLabel, kDiscoverable};
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const auto is_it = [&](const std::string& name) { return contact::trimmed(name) == wanted[i]; };
      if (std::count_if(names.begin(), names.end(), is_it) != 1) {
        return bad_input(
            "source.header", std::string("the subscriber list has no single column ").append(wanted[i]),
            looks_like_semicolons(names) ? "separate with commas; this looks like semicolons" : kHeaderHint);
      }
      at[i] = static_cast<std::size_t>(std::find_if(names.begin(), names.end(), is_it) - names.begin());
    }
    columns_ = Columns{at[0], at[1], at[2], names.size()};
    return {};
  }

  void fill(SubscriberRow& row, const contact::CsvRecord& record) const {
    row.line = record.line;
    row.number = columns_->number < record.fields.size() ? record.fields[columns_->number] : "";
    if (record.fault) {
      row.fault = "damaged-row";
      return;
    }
    if (record.fields.size() != columns_->count) {
      row.fault = "columns";
      return;
    }
    const std::optional<bool> discoverable = parse_discoverable(record.fields[columns_->discoverable]);
    row.fault = discoverable ? "" : "discoverable-value";
    row.discoverable = discoverable.value_or(false);
    row.label = record.fields[columns_->label];
  }

  ChunkReader reader_;
  contact::CsvReader csv_;
  std::optional<Columns> columns_;
  bool ended_ = false;
};

/// Takes a row out of a line of JSON, without a tree of its values: those of the three members.
class RowEvents final : public protocol::StrictJsonEvents {
 public:
  explicit RowEvents(SubscriberRow& row) : row_(row) {
    row_.number.clear();
    row_.discoverable = false;
  }

  /// Of the whole line, once it is read; `strict` says whether it was JSON to its end.
  [[nodiscard]] std::string_view fault(bool strict) const noexcept {
    if (!strict || !has_number_ || !has_label_ || !has_discoverable_) {
      return "json";
    }
    return knows_discoverable_ ? "" : "discoverable-value";
  }

  bool key(string_t& name) override {
    if (depth() == 1) {  // so it is a member of the line's own object
      member_ = name == kNumber         ? kNumber
                : name == kLabel        ? kLabel
                : name == kDiscoverable ? kDiscoverable
                                        : "";
      has_discoverable_ = has_discoverable_ || member_ == kDiscoverable;
    }
    return StrictJsonEvents::key(name);
  }
  bool string(string_t& text) override {
    if (depth() == 1 && member_ == kNumber) {
      row_.number = text;
      has_number_ = true;
    } else if (depth() == 1 && member_ == kLabel) {
      row_.label = text;
      has_label_ = true;
    } else {
      take_discoverable(parse_discoverable(text));
    }
    return true;
  }
  bool boolean(bool value) override {
    take_discoverable(value);
    return true;
  }
  bool number_unsigned(number_unsigned_t value) override {
    take_discoverable(value <= 1 ? std::optional(value == 1) : std::nullopt);
    return true;
  }

 private:
  void take_discoverable(std::optional<bool> value) {
    if (depth() == 1 && member_ == kDiscoverable) {
      knows_discoverable_ = value.has_value();
      row_.discoverable = value.value_or(false);
    }
  }

  SubscriberRow& row_;
  std::string_view member_;  // whose value comes next; empty when it is of no interest
  bool has_number_ = false;
  bool has_label_ = false;
  bool has_discoverable_ = false;
  bool knows_discoverable_ = false;
};

class JsonSubscribers final : public SubscriberSource {
 public:
  explicit JsonSubscribers(ChunkReader reader) : reader_(std::move(reader)) {}

  [[nodiscard]] Result<bool> next(SubscriberRow& row) override {
    do {
      Result<bool> there = next_line();
      if (!there) {
        return failed(there);
      }
      if (!*there) {
        return false;
      }
      // JSON has no byte order mark (RFC 8259 section 8.1), but editors write one.
      if (line_ == 1 && text_.starts_with(kByteOrderMark)) {
        text_.erase(0, kByteOrderMark.size());
      }
    } while (contact::trimmed(text_).empty());
    fill(row);
    return true;
  }
  [[nodiscard]] std::uint64_t bytes_read() const noexcept override { return reader_.bytes_read(); }
  [[nodiscard]] std::uint64_t bytes_total() const noexcept override { return reader_.bytes_total(); }

 private:
  /// Reads the next line into text_; of one that is too long, the first kMaxRowBytes + 1 bytes.
  Result<bool> next_line() {
    text_.clear();
    bool begun = false;
    while (true) {
      if (rest_.empty()) {
        const Result<std::string_view> chunk = reader_.next();
        if (!chunk) {
          return tl::unexpected<Error>(chunk.error());
        }
        if (chunk->empty()) {
          line_ += begun ? 1 : 0;
          return begun;
        }
        rest_ = *chunk;
      }
      begun = true;
      const std::size_t end = rest_.find('\n');
      const std::string_view part = rest_.substr(0, end);
      text_.append(part.substr(0, std::min(part.size(), kMaxRowBytes + 1 - text_.size())));
      if (end != std::string_view::npos) {
        rest_.remove_prefix(end + 1);
        ++line_;
        return true;
      }
      rest_ = {};
    }
  }

  void fill(SubscriberRow& row) const {
    row.line = line_;
    RowEvents events(row);
    const bool strict = protocol::read_strict_json(text_, kMaxRowBytes, events).has_value();
    row.fault = events.fault(strict);
    if (!strict) {
      row.number.clear();
    }
  }

  ChunkReader reader_;
  std::string_view rest_;  // of the chunk at hand
  std::string text_;       // of the line at hand
  std::size_t line_ = 0;
};

}  // namespace

Result<std::unique_ptr<SubscriberSource>> open_subscriber_source(const std::string& source) {
  Result<ChunkReader> reader = ChunkReader::open(source);
  if (!reader) {
    return failed(reader);
  }
  if (source.ends_with(".jsonl")) {
    return std::make_unique<JsonSubscribers>(std::move(*reader));
  }
  return std::make_unique<CsvSubscribers>(std::move(*reader));
}

}  // namespace blindbook::service
