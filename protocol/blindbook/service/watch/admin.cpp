#include "blindbook/service/watch/admin.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "blindbook/service/problem.h"
#include "blindbook/service/watch/process_metrics.h"
#include "blindbook/service/watch/readiness.h"
#include "blindbook/service/watch/served_metrics.h"

namespace blindbook::service {
namespace {

http::Response text_response(unsigned status, std::string_view content_type, std::string_view text) {
  http::Response out;
  out.status = status;
  out.content_type = std::string(content_type);
  out.headers.emplace_back("Cache-Control", "no-store");
  out.body.assign(text.begin(), text.end());
  return out;
}

http::Response readiness_response(const std::vector<std::string_view>& reasons) {
  std::string text = reasons.empty() ? "ready\n" : "";
  for (const std::string_view reason : reasons) {
    text.append(reason).append("\n");
  }
  return text_response(reasons.empty() ? 200 : 503, "text/plain", text);
}

}  // namespace

http::Handler Admin::handler() const {
  return [this](const http::Request& request, const http::Respond& respond) { respond(answer(request)); };
}

http::Response Admin::answer(const http::Request& request) const {
  const bool known =
      request.target == "/metrics" || request.target == "/readyz" || request.target == "/healthz";
  if (!known) {
    return problem_response({404, "not-found", "there is nothing here"});
  }
  if (request.method != "GET" && request.method != "HEAD") {
    http::Response out = problem_response({405, "method", "this path is not asked in that way"});
    out.headers.emplace_back("Allow", "GET, HEAD");
    return out;
  }
  if (request.target == "/healthz") {
    return text_response(200, "text/plain", "ok\n");
  }
  if (request.target == "/metrics") {
    return text_response(200, PrometheusText::kContentType, metrics());
  }
  return readiness_response(
      unready_reasons(*parts_.served.current(), parts_.ledger.is_writable(), draining_, parts_.clock()));
}

std::string Admin::metrics() const {
  const std::shared_ptr<const ServedSet> set = parts_.served.current();
  const UnixTime now = parts_.clock();
  PrometheusText out;
  out.family("blindbook_build_info", "gauge", "1; version of the program and kernel in use.");
  out.sample("blindbook_build_info", {{"version", parts_.version}, {"kernel", parts_.kernel}},
             std::uint64_t{1});
  const auto reasons = unready_reasons(*set, parts_.ledger.is_writable(), draining_, now);
  out.gauge("blindbook_ready", "1 while /readyz says so.", std::uint64_t{reasons.empty()});
  out.family("blindbook_unready", "gauge", "1 for each reason why /readyz refuses.");
  for (const std::string_view reason : kUnreadyReasons) {
    const bool holds = std::find(reasons.begin(), reasons.end(), reason) != reasons.end();
    out.sample("blindbook_unready", {{"reason", reason}}, std::uint64_t{holds});
  }
  write_served_metrics(*set, now, out);
  parts_.events.write(out);
  parts_.ledger.write(out);
  out.gauge("blindbook_connections", "Connections of clients that are open.",
            std::uint64_t{parts_.connections()});
  out.gauge("blindbook_workers", "Threads that evaluate at a time.", std::uint64_t{parts_.pool.threads()});
  out.gauge("blindbook_queue_length", "Requests that wait for one.", std::uint64_t{parts_.pool.waiting()});
  out.gauge("blindbook_queue_limit", "Requests that may wait before others are told to come back.",
            std::uint64_t{parts_.queue_limit});
  write_process_metrics(out);
  return out.text();
}

}  // namespace blindbook::service
