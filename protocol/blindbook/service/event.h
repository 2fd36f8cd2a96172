#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "blindbook/base/error.h"
#include "blindbook/base/types.h"

namespace blindbook::service {

/// Something an operator may want to know. Never holds a number, tag, point, token or address, nor an account
/// together with a size.
struct Event {
  /// Stable: "request", "serving", "reloaded", "reload-failed", "evaluation-failed", "resolution-failed", "ledger-failed",
  /// "epoch-destroyed", "destroy-failed", "clock-doubted", "published", "publish-failed", "epoch-opened".
  /// watch/event_metrics.cpp counts each by its name.
  std::string_view name;
  std::vector<std::pair<std::string_view, std::variant<std::string, std::uint64_t>>> fields;
};

/// Called from any thread, also from several at once.
using EventSink = std::function<void(const Event&)>;

/// An error as the fields "rule" and "message".
[[nodiscard]] Event error_event(std::string_view name, const Error& error);

/// One line of JSON, without a line end: {"time":..,"event":"..",..}.
[[nodiscard]] std::string json_line(const Event& event, UnixTime now);

}  // namespace blindbook::service
