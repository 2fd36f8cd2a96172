#include "blindbook/service/charge_problems.h"

#include <string>
#include <variant>

#include "blindbook/service/problem.h"

namespace blindbook::service {

http::Response malformed_request(const Error& error, std::string_view title) {
  const std::string_view name = error.rule.substr(error.rule.rfind('.') + 1);
  return problem_response({400, name, title, error.message});
}

http::Response epoch_gone() {
  return problem_response(
      {410, "epoch", "the epoch does not live", "the announcement names the epochs that do"});
}

http::Response too_busy() {
  return problem_response({503, "busy", "too many requests are waiting", {}, kBusySeconds});
}

http::Response internal_failure() {
  return problem_response({500, "internal", "the service failed on this request"});
}

std::optional<http::Response> not_charged(const Result<ChargeOutcome>& outcome, const AllowanceWords& words) {
  if (!outcome) {
    return outcome.error().rule == "ledger.ceiling"
               ? problem_response({503, "ceiling", "the service has evaluated enough for today", {}, 3600})
               : problem_response({503, "storage", "the ledger cannot be written", {}, 60});
  }
  if (const auto* spent = std::get_if<Overspent>(&*outcome)) {
    return problem_response(
        {429, "allowance", words.spent,
         std::to_string(spent->allowance_left) + " " + std::string(words.units) + " are left",
         spent->retry_after_seconds});
  }
  if (const auto* used_up = std::get_if<RetriesUsedUp>(&*outcome)) {
    return problem_response(
        {429, "retries", "the same request came too often", {}, used_up->retry_after_seconds});
  }
  return std::nullopt;
}

}  // namespace blindbook::service
