#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "blindbook/base/error.h"

namespace blindbook::service {

/// One row as its source has it. Not streamable, so that no log line shows a number.
struct SubscriberRow {
  std::size_t line = 0;  ///< of a file, from 1; of a query, how many rows came before it and itself
  std::string number;    ///< of a row with a fault, what could be read of it
  std::string label;
  bool discoverable = false;
  /// Why the row cannot be read, a stable kebab-case name: "damaged-row", "columns", "json",
  /// "discoverable-value", "row-size". Empty for a well-formed row; otherwise `label` and `discoverable` mean nothing.
  std::string_view fault;
};

/// The operator's own list of subscribers, read once, front to back, one row in memory at a time, and kept nowhere. Each
/// kind has its file in sources/; sources/open.h chooses.
///
/// A row is discoverable for a subscriber who agreed to be found: where its column `discoverable` says yes, true or 1 in
/// any case, and where there is an opt-in list, when it names the row's label too.
///
/// A source that cannot be read to its end says so: what was read of it before is no list.
class SubscriberSource {
 public:
  SubscriberSource() = default;
  SubscriberSource(const SubscriberSource&) = delete;
  SubscriberSource& operator=(const SubscriberSource&) = delete;
  virtual ~SubscriberSource() = default;

  /// Puts the next row into `row`; false at the end. Rows that cannot be read have a `fault`, and the next
  /// call goes on behind them. Errors of the kind of source.
  [[nodiscard]] virtual Result<bool> next(SubscriberRow& row) = 0;

  /// Bytes read so far.
  [[nodiscard]] virtual std::uint64_t bytes_read() const noexcept = 0;
  /// Bytes of the whole source; 0 when unknown.
  [[nodiscard]] virtual std::uint64_t bytes_total() const noexcept = 0;
};

}  // namespace blindbook::service
