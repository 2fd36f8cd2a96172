#include "blindbook/service/evaluation.h"

#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "blindbook/service/account_name.h"
#include "blindbook/service/charge_problems.h"

namespace blindbook::service {
namespace {

// Elements a thread evaluates at a time: long enough to share one inversion, short enough to spread 1024 over
// 8 cores.
constexpr std::size_t kSlice = 128;

constexpr std::string_view kTitle = "the request is not an evaluate request";

}  // namespace

void Evaluation::answer(std::shared_ptr<const ServedSet> set, const protocol::Access& access, Bytes body,
                        const http::Respond& respond) {
  const auto held = std::make_shared<const Bytes>(std::move(body));
  const auto request = protocol::parse_request(*held);
  if (!request) {
    respond(malformed_request(request.error(), kTitle));
    return;
  }
  if (set->evaluator().live_key(*request, parts_.clock()) == nullptr) {
    respond(epoch_gone());
    return;
  }
  parts_.pool.submit({.owner = account_name(access.issuer, access.account),
                      .cost = request->count,
                      .run =
                          [this, set = std::move(set), access, held, request = *request, respond] {
                            try {
                              respond(run(*set, access, *held, request));
                            } catch (const std::exception& thrown) {
                              parts_.events({"evaluation-failed", {{"message", std::string(thrown.what())}}});
                              respond(internal_failure());
                            }
                          },
                      .refuse = [respond] { respond(too_busy()); }});
}

http::Response Evaluation::run(const ServedSet& set, const protocol::Access& access, ByteView body,
                               const protocol::EvaluateRequest& request) {
  // Asked again: the epoch may have ended while the request waited.
  const protocol::EpochKey* key = set.evaluator().live_key(request, parts_.clock());
  if (key == nullptr) {
    return epoch_gone();
  }
  auto work = set.evaluator().accept(body, request, *key, parts_.pool);
  if (!work) {
    return malformed_request(work.error(), kTitle);
  }
  // The commit waits for the disk: meanwhile another request has this one's core.
  const auto outcome = parts_.pool.step_aside([&] {
    return parts_.ledger.charge({.issuer = access.issuer,
                                 .account = access.account,
                                 .digest = work->digest(),
                                 .cost = work->count(),
                                 .epoch = request.epoch},
                                parts_.clock());
  });
  if (!outcome) {
    parts_.events(error_event("evaluation-failed", outcome.error()));
  }
  if (auto refused = not_charged(outcome, {"the allowance does not cover the batch", "evaluations"})) {
    return std::move(*refused);
  }
  parts_.pool.parallel_for(work->count(), kSlice,
                           [&](std::size_t first, std::size_t last) { work->evaluate(first, last); });
  auto answer =
      std::move(*work).answer(std::get<Charged>(*outcome).allowance_left, parts_.random, parts_.pool);
  if (!answer) {
    parts_.events(error_event("evaluation-failed", answer.error()));
    return internal_failure();
  }
  http::Response out;
  out.content_type = "application/octet-stream";
  out.headers.emplace_back("Cache-Control", "no-store");
  out.body = std::move(*answer);
  return out;
}

}  // namespace blindbook::service
