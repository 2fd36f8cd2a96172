#include "blindbook/service/evaluation.h"

#include <exception>
#include <string>
#include <utility>
#include <variant>

#include "blindbook/service/problem.h"

namespace blindbook::service {
namespace {

// Elements a thread evaluates at a time: long enough to share one inversion, short enough to spread 1024 over
// 8 cores.
constexpr std::size_t kSlice = 128;

// A batch takes well under a second; so does the queue in front of it.
constexpr std::uint64_t kBusySeconds = 5;

/// 400 named by the rule's last part: "evaluate.batch-size" becomes "batch-size".
http::Response malformed(const Error& error) {
  const std::string_view name = error.rule.substr(error.rule.rfind('.') + 1);
  return problem_response({400, name, "the request is not an evaluate request", error.message});
}

http::Response gone() {
  return problem_response(
      {410, "epoch", "the epoch does not live", "the announcement names the epochs that do"});
}

http::Response not_charged(const Error& error) {
  if (error.rule == "ledger.ceiling") {
    return problem_response({503, "ceiling", "the service has evaluated enough for today", {}, 3600});
  }
  return problem_response({503, "storage", "the ledger cannot be written", {}, 60});
}

http::Response overspent(const Overspent& spent) {
  return problem_response({429, "allowance", "the allowance does not cover the batch",
                           std::to_string(spent.allowance_left) + " evaluations are left",
                           spent.retry_after_seconds});
}

http::Response repeated_too_often(const RetriesUsedUp& used_up) {
  return problem_response(
      {429, "retries", "the same request came too often", {}, used_up.retry_after_seconds});
}

http::Response internal() {
  return problem_response({500, "internal", "the service failed on this request"});
}

}  // namespace

void Evaluation::answer(std::shared_ptr<const ServedSet> set, const protocol::Access& access, Bytes body,
                        const http::Respond& respond) {
  const auto held = std::make_shared<const Bytes>(std::move(body));
  const auto request = protocol::parse_request(*held);
  if (!request) {
    respond(malformed(request.error()));
    return;
  }
  if (set->evaluator().live_key(*request, parts_.clock()) == nullptr) {
    respond(gone());
    return;
  }
  const bool queued =
      parts_.pool.try_submit([this, set = std::move(set), access, held, request = *request, respond] {
        try {
          respond(run(*set, access, *held, request));
        } catch (const std::exception& thrown) {
          parts_.events({"evaluation-failed", {{"message", std::string(thrown.what())}}});
          respond(internal());
        }
      });
  if (!queued) {
    respond(problem_response({503, "busy", "too many requests are waiting", {}, kBusySeconds}));
  }
}

http::Response Evaluation::run(const ServedSet& set, const protocol::Access& access, ByteView body,
                               const protocol::EvaluateRequest& request) {
  // Asked again: the epoch may have ended while the request waited.
  const protocol::EpochKey* key = set.evaluator().live_key(request, parts_.clock());
  if (key == nullptr) {
    return gone();
  }
  auto work = set.evaluator().accept(body, request, *key, parts_.pool);
  if (!work) {
    return malformed(work.error());
  }
  // The commit waits for the disk: meanwhile another request has this one's core.
  const auto outcome = parts_.pool.step_aside([&] {
    return parts_.ledger.charge({access.issuer, access.account, work->digest(), work->count()},
                                parts_.clock());
  });
  if (!outcome) {
    parts_.events(error_event("evaluation-failed", outcome.error()));
    return not_charged(outcome.error());
  }
  if (const auto* spent = std::get_if<Overspent>(&*outcome)) {
    return overspent(*spent);
  }
  if (const auto* used_up = std::get_if<RetriesUsedUp>(&*outcome)) {
    return repeated_too_often(*used_up);
  }
  parts_.pool.parallel_for(work->count(), kSlice,
                           [&](std::size_t first, std::size_t last) { work->evaluate(first, last); });
  auto answer =
      std::move(*work).answer(std::get<Charged>(*outcome).allowance_left, parts_.random, parts_.pool);
  if (!answer) {
    parts_.events(error_event("evaluation-failed", answer.error()));
    return internal();
  }
  http::Response out;
  out.content_type = "application/octet-stream";
  out.headers.emplace_back("Cache-Control", "no-store");
  out.body = std::move(*answer);
  return out;
}

}  // namespace blindbook::service
