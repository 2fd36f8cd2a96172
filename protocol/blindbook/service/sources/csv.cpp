#include "blindbook/service/sources/csv.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "blindbook/contact/ascii.h"
#include "blindbook/contact/csv.h"
#include "blindbook/service/chunk_reader.h"

namespace blindbook::service {
namespace {

constexpr const char* kHeaderHint = "its first line names the columns: number,label,discoverable";

/// Excel saves CSV like this where the comma is the decimal mark.
bool looks_like_semicolons(const std::vector<std::string>& names) {
  return std::any_of(names.begin(), names.end(),
                     [](const std::string& name) { return name.find(';') != std::string::npos; });
}

class CsvSubscribers final : public SubscriberSource {
 public:
  CsvSubscribers(ChunkReader reader, DiscoverableColumn discoverable)
      : reader_(std::move(reader)),
        wanted_(discoverable),
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
    std::size_t number, label;
    std::optional<std::size_t> discoverable;
    std::size_t count;
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
    const Result<std::optional<std::size_t>> number = find(names, kNumberColumn, true);
    const Result<std::optional<std::size_t>> label = find(names, kLabelColumn, true);
    const Result<std::optional<std::size_t>> discoverable =
        find(names, kDiscoverableColumn, wanted_ == DiscoverableColumn::kRequired);
    for (const auto* found : {&number, &label, &discoverable}) {
      if (!*found) {
        return tl::unexpected<Error>(found->error());
      }
    }
    columns_ = Columns{**number, **label, *discoverable, names.size()};
    return {};
  }

  static Result<std::optional<std::size_t>> find(const std::vector<std::string>& names,
                                                 std::string_view column, bool required) {
    const auto is_it = [&](const std::string& name) { return contact::trimmed(name) == column; };
    const auto count = std::count_if(names.begin(), names.end(), is_it);
    if (count == 0 && !required) {
      return std::optional<std::size_t>();
    }
    if (count != 1) {
      return bad_input(
          "source.header", std::string("the subscriber list has no single column ").append(column),
          looks_like_semicolons(names) ? "separate with commas; this looks like semicolons" : kHeaderHint);
    }
    return static_cast<std::size_t>(std::find_if(names.begin(), names.end(), is_it) - names.begin());
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
    const std::optional<bool> discoverable =
        columns_->discoverable ? parse_discoverable(record.fields[*columns_->discoverable]) : true;
    row.fault = discoverable ? "" : "discoverable-value";
    row.discoverable = discoverable.value_or(false);
    row.label = record.fields[columns_->label];
  }

  ChunkReader reader_;
  DiscoverableColumn wanted_;
  contact::CsvReader csv_;
  std::optional<Columns> columns_;
  bool ended_ = false;
};

}  // namespace

Result<std::unique_ptr<SubscriberSource>> open_csv_source(const std::string& name,
                                                          DiscoverableColumn discoverable) {
  Result<ChunkReader> reader = ChunkReader::open(name);
  if (!reader) {
    return failed(reader);
  }
  return std::make_unique<CsvSubscribers>(std::move(*reader), discoverable);
}

}  // namespace blindbook::service
