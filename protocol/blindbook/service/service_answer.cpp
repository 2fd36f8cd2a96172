#include "blindbook/service/service_answer.h"

#include <string>

#include <nlohmann/json.hpp>

#include "blindbook/protocol/json_fields.h"
#include "blindbook/protocol/strict_json.h"

namespace blindbook::service {
namespace {

constexpr std::size_t kMaxProblemBytes = 4096;

/// The `type` of a problem (RFC 9457); empty when the body is none.
std::string problem_type(const http::Answer& answer) {
  const auto problem = protocol::parse_strict_json(text_of(answer.body), kMaxProblemBytes);
  return problem ? protocol::JsonFields(*problem).text("type") : std::string();
}

std::string retry_hint(const http::Answer& answer) {
  const auto seconds = answer.retry_after();
  return seconds ? "try again in " + std::to_string(*seconds) + " s" : "try again later";
}

RefusedAnswer refused(std::optional<protocol::RunRefusal> refusal, tl::unexpected<Error> error) {
  return {refusal, std::move(error.value())};
}

}  // namespace

std::optional<RefusedAnswer> refusal_in(const http::Answer& answer) {
  switch (answer.status) {
    case 200:
      return std::nullopt;
    case 401:
      return refused(std::nullopt, bad_input("service.token", "the service does not accept the access token",
                                             "ask the messenger, or the operator, for a new token"));
    case 410:
      return refused(protocol::RunRefusal::kEpochGone,
                     unavailable("service.epoch", "the service has moved on to another epoch"));
    case 429:
      if (problem_type(answer).ends_with(":allowance")) {
        return refused(protocol::RunRefusal::kAllowanceSpent,
                       spent("service.allowance", "the account's allowance is spent", retry_hint(answer)));
      }
      return refused(std::nullopt,
                     unavailable("service.rate", "the service was asked too often", retry_hint(answer)));
    case 503:
      return refused(std::nullopt, unavailable("service.busy", "the service is busy", retry_hint(answer)));
    case 400:
    case 411:
    case 413:
    case 415:
      return refused(std::nullopt,
                     unavailable("service.refused", "the service did not understand the request (HTTP " +
                                                        std::to_string(answer.status) + ")"));
    default:
      // Of 500 and above: 502 and 504 are what a proxy says whose worker ended before it answered.
      return refused(
          std::nullopt,
          unavailable("service.status", "the service answered with HTTP " + std::to_string(answer.status),
                      answer.status >= 500 ? retry_hint(answer) : std::string()));
  }
}

}  // namespace blindbook::service
