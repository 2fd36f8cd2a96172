#include "blindbook/protocol/run.h"

#include <algorithm>
#include <utility>

#include "blindbook/base/domains.h"
#include "blindbook/protocol/answer_magic.h"
#include "blindbook/protocol/epoch_choice.h"
#include "blindbook/protocol/log_segment.h"
#include "blindbook/protocol/params.h"

namespace blindbook::protocol {
namespace {

constexpr int kMaxAnnouncements = 4;  // the first, and at most 3 more when an epoch or an edition has gone

}  // namespace

Run::Run(RunSettings settings, std::span<const Identifier> book, ClientState& state, const Secret<32>& key,
         UnixTime now, RandomSource& random)
    : settings_(std::move(settings)), book_(book), state_(state), key_(key), now_(now), random_(random) {
  const bool loses_request =
      std::any_of(state.epochs.begin(), state.epochs.end(),
                  [&](const EpochMemory& epoch) { return epoch.not_after < now && !epoch.pending.empty(); });
  forgotten_ = state.forget_ended(now);
  state_changed_ = !forgotten_.empty();
  if (loses_request) {
    outcome_.notices.push_back(
        "a request without an answer was dropped, its charge may be lost: its epoch has ended");
  }
}

Result<void> Run::expect(RunNeed need) const {
  if (ended_by_error_ || need_ != need) {
    return api_misuse("run.order", ended_by_error_ ? "the run has failed: begin another"
                                                   : "the run waits for something else");
  }
  return {};
}

Result<void> Run::announce_again() {
  if (announcements_ == kMaxAnnouncements) {
    const Result<void> moving =
        unavailable("discovery.moving", "the service changed its epoch or edition during each of 4 attempts",
                    "try again later");
    return end_by(moving);
  }
  need_ = RunNeed::kAnnouncement;
  return {};
}

std::optional<std::string> Run::log_path(ByteView object) const {
  const auto opened = open_announcement(object, settings_.root);
  const auto from = opened ? log_needed(state_.history, *opened) : std::nullopt;
  return from ? std::optional(protocol::log_path(*from)) : std::nullopt;
}

Result<void> Run::take_announcement(ByteView object, std::optional<ByteView> log) {
  if (auto expected = expect(RunNeed::kAnnouncement); !expected) {
    return expected;
  }
  ++announcements_;
  auto opened = open_announcement(object, settings_.root);
  if (!opened) {
    return end_by(opened);
  }
  auto followed = follow(state_.history, *opened, now_, log);
  if (!followed) {
    evidence_ = std::move(followed.error().evidence);
    return end_by(Result<void>(tl::unexpected<Error>(std::move(followed.error().error))));
  }
  // Remembered before it is asked whether it is fresh: what was signed once stays signed.
  state_.history = std::move(followed->history);
  state_changed_ = true;
  if (auto fresh = check_fresh(*opened, now_); !fresh) {
    return end_by(fresh);
  }
  outcome_.operator_name = opened->announcement.operator_name;
  outcome_.chain = followed->link;
  outcome_.head = opened->head;
  announcement_ = std::move(opened->announcement);
  const AnnouncedEpoch* chosen = choose();
  if (chosen == nullptr) {
    return end_by(
        Result<void>(unavailable("discovery.no-epoch", "the service has published nothing that is valid now",
                                 "the operator has to publish; or check this machine's clock")));
  }
  if (awaiting_ && chosen->id != outcome_.epoch) {
    // The epoch itself has changed: its outputs are kept in the state, and of no use for the new one.
    awaiting_.reset();
    outcome_.stopped.reset();
  }
  epoch_ = chosen;
  outcome_.epoch = chosen->id;
  outcome_.edition = chosen->edition;
  if (awaiting_) {
    need_ = RunNeed::kDirectory;  // a later edition of an epoch in which everything is answered
    return {};
  }
  const EpochMemory* known = state_.find(chosen->id);
  auto ready = Ready::begin(*chosen, known != nullptr ? known->outputs.duplicate() : OutputStore{});
  if (!ready) {
    return end_by(ready);
  }
  ready_.emplace(std::move(*ready));
  plan_.reset();
  return prepare();
}

/// An epoch that the service refused is not asked for again while there is another: the clocks of the two may
/// differ about when it begins or ends.
const AnnouncedEpoch* Run::choose() {
  const auto refused = [this](const AnnouncedEpoch& epoch) {
    return std::find(gone_.begin(), gone_.end(), epoch.id) != gone_.end();
  };
  const AnnouncedEpoch* chosen = choose_epoch(announcement_, state_, now_, random_);
  if (chosen == nullptr || !refused(*chosen)) {
    return chosen;
  }
  Announcement others = announcement_;
  std::erase_if(others.epochs, refused);
  if (choose_epoch(others, state_, now_, random_) == nullptr) {
    return chosen;
  }
  announcement_ = std::move(others);
  return choose_epoch(announcement_, state_, now_, random_);
}

/// What comes next where everything asked so far is answered: what an earlier run left unanswered, then this
/// run's own batches, then the directory.
Result<void> Run::prepare() {
  if (!plan_) {
    const auto resumed = resume_suspended();
    if (!resumed) {
      return end_by(resumed);
    }
    if (*resumed) {
      return {};
    }
    if (auto planned = plan(); !planned) {
      return planned;
    }
  } else {
    ++batch_;
  }
  if (batch_ < plan_->batches.size()) {
    return begin_batch();
  }
  awaiting_.emplace(std::move(*ready_).skip_evaluation());
  ready_.reset();
  need_ = RunNeed::kDirectory;
  return {};
}

/// A request that an earlier run left unanswered is sent again as it was: it may have been charged already,
/// and is charged once. True when there is one.
Result<bool> Run::resume_suspended() {
  for (EpochMemory& from : state_.epochs) {
    if (from.pending.empty()) {
      continue;
    }
    const auto named = inspect_pending(key_, from.pending);
    if (!named || now_.value() > named->order.created_at.value() + kPendingLife) {
      drop_suspended(from, "it is older than a day");
    } else if (named->order.issuer != settings_.issuer || named->order.subject != settings_.account) {
      drop_suspended(from, "it belongs to another account");
    } else if (from.id == epoch_->id) {
      auto resumed = std::move(*ready_).resume(key_, from.pending);
      if (!resumed) {
        return failed(resumed);
      }
      send(std::move(*resumed), true);
      return true;
    }
    // One of an epoch that this run does not use goes with that epoch.
  }
  return false;
}

void Run::drop_suspended(EpochMemory& from, const std::string& why) {
  from.pending.clear();
  state_changed_ = true;
  outcome_.notices.push_back("a request without an answer was dropped, its charge may be lost: " + why);
}

RunKind Run::kind() const {
  const EpochMemory* known = state_.find(epoch_->id);
  if (known == nullptr || !known->begun) {
    return RunKind::kFirstInEpoch;
  }
  return settings_.scheduled ? RunKind::kScheduled : RunKind::kByUser;
}

Result<void> Run::plan() {
  planned_ = ready_->outputs().missing(book_);
  plan_ = plan_run(kind(), planned_.size());
  batch_ = 0;
  taken_ = 0;
  return {};
}

Result<void> Run::begin_batch() {
  const std::uint32_t size = plan_->batches[batch_];
  const std::size_t count = std::min<std::size_t>(plan_->looked_up - taken_, size);
  const auto asked = std::span<const Identifier>(planned_).subspan(taken_, count);
  taken_ += count;
  auto blinding = std::move(*ready_).begin_blinding(asked, size, random_);
  if (!blinding) {
    return end_by(blinding);
  }
  blinding_.emplace(std::move(*blinding));
  need_ = RunNeed::kWork;
  return {};
}

Result<void> Run::work(std::size_t max_elements) {
  if (auto expected = expect(RunNeed::kWork); !expected) {
    return expected;
  }
  blinding_->step(std::max<std::size_t>(max_elements, 1), random_);
  if (blinding_->done() < blinding_->count()) {
    return {};
  }
  auto blinded = std::move(*blinding_).finish();
  blinding_.reset();
  if (!blinded) {
    return end_by(blinded);
  }
  // Kept before it is sent: the service charges durably.
  const RequestOrder order{.issuer = settings_.issuer, .subject = settings_.account, .created_at = now_};
  remembered().pending = blinded->waiting.suspend(key_, order, random_);
  state_changed_ = true;
  send(std::move(*blinded), false);
  return {};
}

void Run::send(Blinded blinded, bool resumed) {
  ready_.reset();
  sending_.emplace(Sending{std::move(blinded), resumed});
  need_ = RunNeed::kEvaluation;
}

Run::Progress Run::progress() const noexcept {
  if (!plan_) {
    return {};
  }
  Progress out;
  for (std::size_t i = 0; i < plan_->batches.size(); ++i) {
    out.total += plan_->batches[i];
    out.done += i < batch_ ? plan_->batches[i] : 0;
  }
  if (blinding_) {
    out.done += blinding_->done();
  } else if (sending_ && batch_ < plan_->batches.size()) {
    out.done += plan_->batches[batch_];
  }
  return out;
}

RunRequest Run::request() const noexcept {
  if (!sending_) {
    return {};
  }
  const AwaitingEvaluation& waiting = sending_->blinded.waiting;
  return {.body = sending_->blinded.request,
          .elements = waiting.batch_size(),
          .identifiers = waiting.identifiers(),
          .resumed = sending_->resumed};
}

Result<void> Run::take_answer(ByteView answer) {
  if (auto expected = expect(RunNeed::kEvaluation); !expected) {
    return expected;
  }
  if (auto answered = check_magic(answer, magic::kEvaluateAnswer); !answered) {
    return end_by(answered);
  }
  const std::size_t identifiers = request().identifiers;
  auto finished = std::move(sending_->blinded.waiting).finish(answer);
  sending_.reset();
  if (!finished) {
    return end_by(finished);
  }
  outcome_.evaluated += identifiers;
  outcome_.allowance_left = finished->allowance_left();
  EpochMemory& known = remembered();
  known.outputs = finished->outputs().duplicate();
  known.begun = true;
  known.pending.clear();
  state_changed_ = true;
  ready_.emplace(std::move(*finished).evaluate_more());
  return prepare();
}

Result<void> Run::take_refusal(RunRefusal refusal, Error why) {
  if (auto expected = expect(RunNeed::kEvaluation); !expected) {
    return expected;
  }
  const bool resumed = sending_->resumed;
  sending_.reset();
  EpochMemory& known = remembered();
  if (refusal == RunRefusal::kEpochGone) {
    gone_.push_back(epoch_->id);
    if (resumed) {
      drop_suspended(known, "its epoch has ended");
    } else {
      known.pending.clear();  // refused before any charge
      state_changed_ = true;
    }
    return announce_again();
  }
  if (known.outputs.size() == 0) {
    return end_by(Result<void>(tl::unexpected<Error>(std::move(why))));
  }
  outcome_.stopped = std::move(why);
  auto ready = Ready::begin(*epoch_, known.outputs.duplicate());
  if (!ready) {
    return end_by(ready);
  }
  awaiting_.emplace(std::move(*ready).skip_evaluation());
  need_ = RunNeed::kDirectory;
  return {};
}

}  // namespace blindbook::protocol
