#pragma once

#include <optional>
#include <string_view>

#include "blindbook/base/error.h"
#include "blindbook/service/http/message.h"
#include "blindbook/service/ledger.h"

/// The refusals that requests which cost allowance have in common (docs/spec/evaluate.md).
namespace blindbook::service {

/// 400 named by the rule's last part: "evaluate.batch-size" becomes "batch-size".
[[nodiscard]] http::Response malformed_request(const Error& error, std::string_view title);
/// 410 "epoch".
[[nodiscard]] http::Response epoch_gone();
/// 503 "busy": no place in the queue.
[[nodiscard]] http::Response too_busy();
/// 500 "internal".
[[nodiscard]] http::Response internal_failure();

/// How an allowance is spoken of.
struct AllowanceWords {
  std::string_view spent;  ///< title of the problem
  std::string_view units;  ///< such as "evaluations"
};
/// Why nothing is answered: 503 "ceiling", "storage"; 429 "allowance", "retries". Nothing when it was paid for.
[[nodiscard]] std::optional<http::Response> not_charged(const Result<ChargeOutcome>& outcome,
                                                        const AllowanceWords& words);

}  // namespace blindbook::service
