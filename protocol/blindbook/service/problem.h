#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "blindbook/service/http/message.h"

namespace blindbook::service {

/// Why a request was refused, in the words of RFC 9457. `type` on the wire is "urn:blindbook:problem:<name>";
/// the names are stable and listed in docs/spec/evaluate.md.
struct Problem {
  unsigned status;
  std::string_view name;
  std::string_view title;   ///< the same for every occurrence
  std::string detail = {};  ///< of this occurrence, for a developer; never a number, tag or point
  std::optional<std::uint64_t> retry_after = {};  ///< seconds; kept below 10^8
};

/// The bytes of every problem's JSON: padded with spaces, a longer detail cut, so that an observer of the
/// length learns the status and nothing else. Retry-After is written with eight digits for the same reason.
inline constexpr std::size_t kProblemBytes = 512;

/// Retry-After of what waits for a place: a batch takes well under a second, and so does the queue in front of it.
inline constexpr std::uint64_t kBusySeconds = 5;

/// application/problem+json, never cached.
[[nodiscard]] http::Response problem_response(const Problem& problem);

}  // namespace blindbook::service
