#pragma once

#include <cstddef>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "blindbook/base/error.h"

namespace blindbook::protocol {

class StrictJsonEvents;  // strict_json_events.h

/// Parses JSON that has one meaning only: no duplicate keys, no floats (nor numbers beyond 64 bits), UTF-8
/// only and without a byte order mark, nothing behind the value, at most `max_bytes` long and 16 levels deep.
/// Anything else is BadInput "json.<rule>"; who the bytes came from decides what fault the caller makes of
/// it.
[[nodiscard]] Result<nlohmann::json> parse_strict_json(std::string_view text, std::size_t max_bytes);
/// The same without a value: `events` sees what the text holds, before it is known whether the text is strict to
/// its end.
[[nodiscard]] Result<void> read_strict_json(std::string_view text, std::size_t max_bytes,
                                            StrictJsonEvents& events);

/// Empties `value`, from its leaves up, at the end of the scope. The destructor of nlohmann::json takes memory where there
/// is anything in it, and ends the process when there is none; an embedder's process is not ours to end.
class EmptiedAtEnd {
 public:
  explicit EmptiedAtEnd(nlohmann::json& value) noexcept : value_(value) {}
  EmptiedAtEnd(const EmptiedAtEnd&) = delete;
  EmptiedAtEnd& operator=(const EmptiedAtEnd&) = delete;
  ~EmptiedAtEnd();

 private:
  nlohmann::json& value_;
};

}  // namespace blindbook::protocol
