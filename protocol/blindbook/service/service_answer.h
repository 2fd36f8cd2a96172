#pragma once

#include <optional>
#include <string_view>

#include "blindbook/base/bytes.h"
#include "blindbook/base/error.h"
#include "blindbook/service/http/client.h"

/// What a client makes of a service's answer as HTTP: of its status, and of whether the service gave it at
/// all (docs/spec/errors.md).
namespace blindbook::service {

enum class Setback {
  kEpochGone,       ///< 410 to an evaluation: ask for the announcement again
  kAllowanceSpent,  ///< 429 of type "allowance": what was evaluated before can still be used
  kFailed,          ///< the run ends here
};

struct RefusedAnswer {
  Setback setback;
  Error error;
};

/// Nothing for 200. 401: BadInput "service.token"; 410: Unavailable "service.epoch"; 429: Spent
/// "service.allowance", or Unavailable "service.rate"; 503: Unavailable "service.busy"; 400, 411, 413, 415:
/// Unavailable "service.refused"; any other: Unavailable "service.status".
[[nodiscard]] std::optional<RefusedAnswer> refusal_in(const http::Answer& answer);

/// Unavailable "service.not-an-answer" unless `body` begins with `magic`: a captive portal or a proxy
/// answered with a page of its own, and the service must not be blamed for it. To be asked before any rule
/// whose breach is the peer's.
[[nodiscard]] Result<void> check_magic(ByteView body, std::string_view magic);

}  // namespace blindbook::service
