#include "blindbook/service/sources/json_lines.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "blindbook/contact/ascii.h"
#include "blindbook/protocol/strict_json.h"
#include "blindbook/protocol/strict_json_events.h"
#include "blindbook/service/chunk_reader.h"

namespace blindbook::service {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// Takes a row out of a line of JSON, without a tree of its values: those of the three members.
class RowEvents final : public protocol::StrictJsonEvents {
 public:
  RowEvents(SubscriberRow& row, DiscoverableColumn wanted)
      : row_(row),
        has_discoverable_(wanted == DiscoverableColumn::kOptional),
        knows_discoverable_(has_discoverable_) {
    row_.number.clear();
    row_.discoverable = has_discoverable_;
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
      member_ = name == kNumberColumn         ? kNumberColumn
                : name == kLabelColumn        ? kLabelColumn
                : name == kDiscoverableColumn ? kDiscoverableColumn
                                              : "";
      if (member_ == kDiscoverableColumn) {  // what it says counts from here on
        has_discoverable_ = true;
        knows_discoverable_ = false;
      }
    }
    return StrictJsonEvents::key(name);
  }
  bool string(string_t& text) override {
    if (depth() == 1 && member_ == kNumberColumn) {
      row_.number = text;
      has_number_ = true;
    } else if (depth() == 1 && member_ == kLabelColumn) {
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
    if (depth() == 1 && member_ == kDiscoverableColumn) {
      knows_discoverable_ = value.has_value();
      row_.discoverable = value.value_or(false);
    }
  }

  SubscriberRow& row_;
  std::string_view member_;  // whose value comes next; empty when it is of no interest
  bool has_number_ = false;
  bool has_label_ = false;
  bool has_discoverable_;
  bool knows_discoverable_;
};

class JsonSubscribers final : public SubscriberSource {
 public:
  JsonSubscribers(ChunkReader reader, DiscoverableColumn discoverable)
      : reader_(std::move(reader)), wanted_(discoverable) {}

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
    RowEvents events(row, wanted_);
    const bool strict = protocol::read_strict_json(text_, kMaxRowBytes, events).has_value();
    row.fault = events.fault(strict);
    if (!strict) {
      row.number.clear();
    }
  }

  ChunkReader reader_;
  DiscoverableColumn wanted_;
  std::string_view rest_;  // of the chunk at hand
  std::string text_;       // of the line at hand
  std::size_t line_ = 0;
};

}  // namespace

Result<std::unique_ptr<SubscriberSource>> open_json_lines_source(const std::string& name,
                                                                 DiscoverableColumn discoverable) {
  Result<ChunkReader> reader = ChunkReader::open(name);
  if (!reader) {
    return failed(reader);
  }
  return std::make_unique<JsonSubscribers>(std::move(*reader), discoverable);
}

}  // namespace blindbook::service
