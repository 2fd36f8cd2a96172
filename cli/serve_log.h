#pragma once

#include <string>
#include <string_view>

#include "blindbook/base/types.h"
#include "blindbook/service/event.h"

#include "cli/common/arguments.h"

namespace blindbook::cli {

/// Where `blindbook serve` says what happens: standard error, one line an event. May be used from any thread.
class ServeLog {
 public:
  /// As --log says: JSON, or text for a person; without it, text where standard error is a terminal.
  explicit ServeLog(const Arguments& arguments);

  void write(const service::Event& event) const;
  /// In JSON the event "warning" with the text as "message", so that every line is JSON; else as cli::warn().
  void warn(std::string_view text) const;

 private:
  bool json_;
};

/// "2026-03-01T12:00:00Z request route=/v1/evaluate status=200 milliseconds=12", without a line end. Values that are not one
/// word stand in quotes; nothing in them reaches a terminal as a control character.
[[nodiscard]] std::string text_line(const service::Event& event, UnixTime now);

}  // namespace blindbook::cli
