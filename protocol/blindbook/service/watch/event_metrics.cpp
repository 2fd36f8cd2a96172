#include "blindbook/service/watch/event_metrics.h"

#include <array>
#include <string>

namespace blindbook::service {
namespace {

constexpr std::array<std::string_view, 8> kRoutes{"/v1/announcement", "/v1/evaluate", "/v1/resolve",
                                                  "/v1/directory",    "/v1/patch",    "/v1/log",
                                                  "/healthz",         "other"};
constexpr std::array<std::string_view, 18> kStatuses{"200", "206", "304", "400", "401", "403",
                                                     "404", "405", "410", "411", "413", "415",
                                                     "417", "429", "431", "500", "503", "other"};
// docs/spec/evaluate.md lists them.
constexpr std::array<std::string_view, 23> kProblems{"allowance",   "busy",
                                                     "ceiling",     "element",
                                                     "batch-size",  "epoch",
                                                     "header",      "internal",
                                                     "labels",      "length",
                                                     "malformed",   "method",
                                                     "not-found",   "rate",
                                                     "retries",     "storage",
                                                     "token",       "length-required",
                                                     "too-large",   "content-encoding",
                                                     "expectation", "head-too-large",
                                                     "other"};
// Of event.h, but for "request".
constexpr std::array<std::string_view, 13> kEvents{"clock-doubted",  "destroy-failed",    "epoch-destroyed",
                                                   "epoch-opened",   "evaluation-failed", "ledger-failed",
                                                   "publish-failed", "published",         "reload-failed",
                                                   "reloaded",       "resolution-failed", "serving",
                                                   "other"};

std::string text_field(const Event& event, std::string_view name) {
  for (const auto& [field, value] : event.fields) {
    if (field != name) {
      continue;
    }
    if (const auto* text = std::get_if<std::string>(&value)) {
      return *text;
    }
    return std::to_string(std::get<std::uint64_t>(value));
  }
  return {};
}

std::chrono::milliseconds duration_field(const Event& event) {
  for (const auto& [field, value] : event.fields) {
    if (const auto* number = std::get_if<std::uint64_t>(&value);
        number != nullptr && field == "milliseconds") {
      return std::chrono::milliseconds(*number);
    }
  }
  return {};
}

}  // namespace

EventMetrics::EventMetrics()
    : requests_("blindbook_requests_total", "Requests answered.", {"route", kRoutes}, {"status", kStatuses}),
      problems_("blindbook_problems_total", "Requests refused, by the name of the problem.",
                {"problem", kProblems}),
      durations_("blindbook_request_duration_seconds",
                 "Time from a request's last byte to its answer, in whole milliseconds.", {"route", kRoutes}),
      events_("blindbook_events_total", "Lines of the log that are no requests.", {"event", kEvents}) {}

void EventMetrics::count(const Event& event) noexcept {
  if (event.name != "request") {
    events_.add(event.name);
    return;
  }
  const std::string route = text_field(event, "route");
  requests_.add(route, text_field(event, "status"));
  durations_.observe(route, duration_field(event));
  if (const std::string problem = text_field(event, "problem"); !problem.empty()) {
    problems_.add(problem);
  }
}

void EventMetrics::write(PrometheusText& out) const {
  requests_.write(out);
  problems_.write(out);
  durations_.write(out);
  events_.write(out);
}

}  // namespace blindbook::service
