#include "blindbook/service/resolution.h"

#include <exception>
#include <optional>
#include <string>
#include <utility>

#include "blindbook/directory/header.h"
#include "blindbook/service/account_name.h"
#include "blindbook/service/charge_problems.h"
#include "blindbook/service/problem.h"

namespace blindbook::service {
namespace {

/// Why a request cannot be answered, whoever asks; nothing when it can.
std::optional<http::Response> unanswerable(const ServedSet& set, const protocol::ResolveRequest& request,
                                           UnixTime now) {
  for (const protocol::AnnouncedEpoch& epoch : set.announcement().epochs) {
    if (epoch.id != request.epoch || epoch.suite() != request.suite || !epoch.is_live(now)) {
      continue;
    }
    if (set.labels(epoch.id) != nullptr) {
      return std::nullopt;
    }
    return problem_response({404, "labels", "the labels of this epoch are not resolved on use"});
  }
  return epoch_gone();
}

}  // namespace

void Resolution::answer(std::shared_ptr<const ServedSet> set, const protocol::Access& access,
                        const Bytes& body, const http::Respond& respond) {
  const auto request = protocol::parse_resolve_request(body);
  if (!request) {
    respond(malformed_request(request.error(), "the request is not a resolve request"));
    return;
  }
  if (auto refused = unanswerable(*set, *request, parts_.clock())) {
    respond(std::move(*refused));
    return;
  }
  parts_.pool.submit({.owner = account_name(access.issuer, access.account),
                      .run =
                          [this, set = std::move(set), access, request = *request,
                           digest = protocol::digest_of_resolve(body), respond] {
                            try {
                              respond(run(*set, access, digest, request));
                            } catch (const std::exception& thrown) {
                              parts_.events({"resolution-failed", {{"message", std::string(thrown.what())}}});
                              respond(internal_failure());
                            }
                          },
                      .refuse = [respond] { respond(too_busy()); }});
}

http::Response Resolution::run(const ServedSet& set, const protocol::Access& access,
                               const protocol::RequestDigest& digest,
                               const protocol::ResolveRequest& request) {
  // Asked again: the epoch may have ended while the request waited.
  if (auto refused = unanswerable(set, request, parts_.clock())) {
    return std::move(*refused);
  }
  const auto outcome = parts_.pool.step_aside([&] {
    return parts_.ledger.charge({access.issuer, access.account, digest, 1, Bucket::kLabels}, parts_.clock());
  });
  if (!outcome) {
    parts_.events(error_event("resolution-failed", outcome.error()));
  }
  if (auto refused = not_charged(outcome, {"the allowance of labels is spent", "labels"})) {
    return std::move(*refused);
  }
  const LabelStore& labels = *set.labels(request.epoch);
  Bytes sealed(directory::sealed_bytes(labels.header().label_bytes));
  labels.resolve(request.handle, sealed);
  http::Response out;
  out.content_type = "application/octet-stream";
  out.headers.emplace_back("Cache-Control", "no-store");
  out.body = protocol::encode_resolve_answer(digest, sealed);
  return out;
}

}  // namespace blindbook::service
