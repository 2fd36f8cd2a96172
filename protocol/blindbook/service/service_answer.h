#pragma once

#include <optional>

#include "blindbook/base/error.h"
#include "blindbook/protocol/run.h"
#include "blindbook/service/http/client.h"

/// What a client makes of the status of a service's answer (docs/spec/errors.md).
namespace blindbook::service {

struct RefusedAnswer {
  std::optional<protocol::RunRefusal> refusal;  ///< what a run can live with; otherwise it ends here
  Error error;
};

/// Nothing for 200. 401: BadInput "service.token"; 410: Unavailable "service.epoch"; 429: Spent
/// "service.allowance", or Unavailable "service.rate"; 503: Unavailable "service.busy"; 400, 411, 413, 415:
/// Unavailable "service.refused"; any other: Unavailable "service.status".
[[nodiscard]] std::optional<RefusedAnswer> refusal_in(const http::Answer& answer);

}  // namespace blindbook::service
