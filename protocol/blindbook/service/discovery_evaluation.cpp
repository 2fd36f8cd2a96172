#include <algorithm>

#include "blindbook/base/domains.h"
#include "blindbook/protocol/params.h"
#include "blindbook/protocol/run_plan.h"
#include "blindbook/service/discovery_run.h"
#include "blindbook/service/service_answer.h"

// The second step of a run: what an earlier run left unanswered, then this run's own batches.
namespace blindbook::service {

Result<DiscoveryRun::Step> DiscoveryRun::evaluate() {
  if (awaiting_) {
    return Step::kDone;  // a later edition of an epoch in which everything is answered
  }
  protocol::EpochMemory* known = memory_.state().find(epoch_->id);
  auto ready = protocol::Ready::begin(*epoch_, known ? known->outputs.duplicate() : protocol::OutputStore{});
  if (!ready) {
    return failed(ready);
  }
  ready_.emplace(std::move(*ready));

  for (protocol::EpochMemory& any : memory_.state().epochs) {
    auto step = finish_pending(any);
    if (!step || *step == Step::kAnnounceAgain) {
      return step;
    }
  }
  return outcome_.stopped ? Step::kDone : evaluate_new();
}

/// A request that an earlier run left unanswered is sent again as it was: it may have been charged already,
/// and is charged once.
Result<DiscoveryRun::Step> DiscoveryRun::finish_pending(protocol::EpochMemory& from) {
  if (from.pending.empty()) {
    return Step::kDone;
  }
  const auto named = protocol::inspect_pending(memory_.key(), from.pending);
  if (!named || now_.value() > named->order.created_at.value() + protocol::kPendingLife) {
    return drop_pending(from, "it is older than a day").map([] { return Step::kDone; });
  }
  if (named->order.issuer != account_.issuer || named->order.subject != account_.account) {
    return drop_pending(from, "it belongs to another account").map([] { return Step::kDone; });
  }
  if (from.id != epoch_->id) {
    return Step::kDone;  // of an epoch this run does not use; it goes with that epoch
  }
  auto resumed = std::move(*ready_).resume(memory_.key(), from.pending);
  if (!resumed) {
    return failed(resumed);
  }
  return exchange(std::move(*resumed), true);
}

Result<void> DiscoveryRun::drop_pending(protocol::EpochMemory& from, const std::string& why) {
  from.pending.clear();
  tell_of_lost_request(why);
  return memory_.save(random_);
}

void DiscoveryRun::tell_of_lost_request(const std::string& why) {
  outcome_.notices.push_back("a request without an answer was dropped, its charge may be lost: " + why);
}

protocol::RunKind DiscoveryRun::kind() {
  const protocol::EpochMemory* known = memory_.state().find(epoch_->id);
  if (known == nullptr || !known->begun) {
    return protocol::RunKind::kFirstInEpoch;
  }
  return settings_.scheduled ? protocol::RunKind::kScheduled : protocol::RunKind::kByUser;
}

Result<DiscoveryRun::Step> DiscoveryRun::evaluate_new() {
  const std::vector<Identifier> missing = ready_->outputs().missing(book_);
  const protocol::RunPlan plan = protocol::plan_run(kind(), missing.size());
  const protocol::RequestOrder order{
      .issuer = account_.issuer, .subject = account_.account, .created_at = now_};
  std::span<const Identifier> left(missing);
  left = left.first(plan.looked_up);
  std::uint64_t done = 0;
  const std::uint64_t total = std::uint64_t{plan.batches.front()} * plan.batches.size();
  for (const std::uint32_t size : plan.batches) {
    report(DiscoveryStage::kEvaluating, done, total);
    const auto now_asked = left.first(std::min<std::size_t>(left.size(), size));
    left = left.subspan(now_asked.size());
    auto blinded = std::move(*ready_).blind(now_asked, size, random_);
    if (!blinded) {
      return failed(blinded);
    }
    // Before it is sent: the service charges durably, so what was paid for must survive a crash here too.
    remembered().pending = blinded->waiting.suspend(memory_.key(), order, random_);
    if (auto saved = memory_.save(random_); !saved) {
      return failed(saved);
    }
    auto step = exchange(std::move(*blinded), false);
    if (!step || *step == Step::kAnnounceAgain || outcome_.stopped) {
      return step;
    }
    done += size;
  }
  report(DiscoveryStage::kEvaluating, total, total);
  awaiting_.emplace(std::move(*ready_).skip_evaluation());
  ready_.reset();
  return Step::kDone;
}

/// Sends one batch and takes its answer in. Afterwards ready_ holds the new outputs, and memory holds them on
/// disk.
Result<DiscoveryRun::Step> DiscoveryRun::exchange(protocol::Blinded blinded, bool resumed) {
  const std::uint32_t size = blinded.waiting.batch_size();
  const std::size_t identifiers = blinded.waiting.identifiers();
  outcome_.disclosed.batches.push_back({.size = size, .resumed = resumed});
  const auto answer = channel_.post("/v1/evaluate", blinded.request, size);
  if (!answer) {
    return tl::unexpected<Error>(answer.error());
  }
  if (auto refused = refusal_in(*answer)) {
    if (refused->setback == Setback::kEpochGone && !resumed) {
      remembered().pending.clear();  // refused before any charge
      return memory_.save(random_).map([] { return Step::kAnnounceAgain; });
    }
    if (refused->setback == Setback::kEpochGone) {
      return drop_pending(remembered(), "its epoch has ended").map([] { return Step::kAnnounceAgain; });
    }
    protocol::EpochMemory& known = remembered();
    if (refused->setback == Setback::kAllowanceSpent && known.outputs.size() > 0) {
      outcome_.stopped = std::move(refused->error);
      auto ready = protocol::Ready::begin(*epoch_, known.outputs.duplicate());
      if (!ready) {
        return failed(ready);
      }
      awaiting_.emplace(std::move(*ready).skip_evaluation());
      return Step::kDone;
    }
    return tl::unexpected<Error>(std::move(refused->error));
  }
  if (auto answered = check_magic(answer->body, magic::kEvaluateAnswer); !answered) {
    return failed(answered);
  }
  auto finished = std::move(blinded.waiting).finish(answer->body);
  if (!finished) {
    return failed(finished);
  }
  outcome_.evaluated += identifiers;
  outcome_.allowance_left = finished->allowance_left();
  outcome_.disclosed.batches.back().answered = true;
  outcome_.disclosed.evaluations_charged += size;
  protocol::EpochMemory& known = remembered();
  known.outputs = finished->outputs().duplicate();
  known.begun = true;
  known.pending.clear();
  if (auto saved = memory_.save(random_); !saved) {
    return failed(saved);
  }
  ready_.emplace(std::move(*finished).evaluate_more());
  return Step::kDone;
}

}  // namespace blindbook::service
