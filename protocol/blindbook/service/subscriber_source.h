#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "blindbook/base/error.h"

namespace blindbook::service {

/// One row as its source has it. Not streamable, so that no log line shows a number.
struct SubscriberRow {
  std::size_t line = 0;  ///< of the source, from 1
  std::string number;    ///< of a row with a fault, what could be read of it
  std::string label;
  bool discoverable = false;
  /// Why the row cannot be read, a stable kebab-case name: "damaged-row", "columns", "json",
  /// "discoverable-value". Empty for a well-formed row; otherwise `label` and `discoverable` mean nothing.
  std::string_view fault;
};

/// The operator's own list of subscribers, read once, front to back, one row in memory at a time.
///
/// CSV (RFC 4180, but every row is one line: a quote that is not closed ends with it, so that it cannot
/// swallow other rows) with a header that names the columns `number`, `label` and `discoverable`, in any
/// order and among others; or JSON lines with members of the same names. `discoverable` is yes, true or 1 for
/// a subscriber who agreed to be found (in any case; JSON also true and 1), and no, false, 0 or nothing for
/// one who did not.
class SubscriberSource {
 public:
  SubscriberSource() = default;
  SubscriberSource(const SubscriberSource&) = delete;
  SubscriberSource& operator=(const SubscriberSource&) = delete;
  virtual ~SubscriberSource() = default;

  /// Puts the next row into `row`; false at the end. Rows that cannot be read have a `fault`, and the next
  /// call goes on behind them. BadInput "source.header" when a column is missing or named twice; Unavailable
  /// "file.read".
  [[nodiscard]] virtual Result<bool> next(SubscriberRow& row) = 0;

  /// Bytes read so far.
  [[nodiscard]] virtual std::uint64_t bytes_read() const noexcept = 0;
  /// Bytes of the whole source; 0 when unknown.
  [[nodiscard]] virtual std::uint64_t bytes_total() const noexcept = 0;
};

/// Opens `source`: "-" is CSV on the standard input, a name that ends in .jsonl is JSON lines, anything else
/// CSV. BadInput "file.open".
[[nodiscard]] Result<std::unique_ptr<SubscriberSource>> open_subscriber_source(const std::string& source);

}  // namespace blindbook::service
