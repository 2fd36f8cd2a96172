#include "blindbook/service/subscriber_source.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "blindbook/contact/ascii.h"
#include "blindbook/contact/csv.h"
#include "blindbook/protocol/strict_json.h"
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
    row.fault = "json";
    row.number.clear();
    const Result<nlohmann::json> parsed = protocol::parse_strict_json(text_, kMaxRowBytes);
    if (!parsed || !parsed->is_object() || !parsed->contains(kNumber) ||
        !parsed->at(std::string(kNumber)).is_string()) {
      return;
    }
    row.number = parsed->at(std::string(kNumber)).get<std::string>();
    if (!parsed->contains(kLabel) || !parsed->contains(kDiscoverable) ||
        !parsed->at(std::string(kLabel)).is_string()) {
      return;
    }
    const std::optional<bool> discoverable = discoverable_of(parsed->at(std::string(kDiscoverable)));
    row.fault = discoverable ? "" : "discoverable-value";
    row.discoverable = discoverable.value_or(false);
    row.label = parsed->at(std::string(kLabel)).get<std::string>();
  }

  static std::optional<bool> discoverable_of(const nlohmann::json& value) {
    if (value.is_boolean()) {
      return value.get<bool>();
    }
    if (value.is_number_unsigned() && value.get<std::uint64_t>() <= 1) {
      return value.get<std::uint64_t>() == 1;
    }
    if (value.is_string()) {
      return parse_discoverable(value.get_ref<const std::string&>());
    }
    return std::nullopt;
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
