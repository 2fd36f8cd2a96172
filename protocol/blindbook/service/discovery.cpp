#include "blindbook/service/discovery.h"

#include <utility>

#include "blindbook/service/discovery_run.h"
#include "blindbook/service/service_answer.h"

// The course of a run, and what goes over the network but the directory.
namespace blindbook::service {
namespace {

/// Elements blinded between two reports of progress: some 10 ms.
constexpr std::size_t kSlice = 512;

}  // namespace

Result<DiscoveryOutcome> discover(const DiscoverySettings& settings, std::span<const Identifier> book,
                                  ClientMemory& memory, UnixTime now, RandomSource& random) {
  return DiscoveryRun(settings, book, memory, now, random).go();
}

Result<DiscoveryOutcome> DiscoveryRun::go() {
  auto went = take_steps();
  DiscoveryOutcome out;
  if (went) {
    static_cast<protocol::RunOutcome&>(out) = std::move(*run_).take_outcome();
    out.labels = open_labels(out.matches);
  }
  if (settings_.on_disclosure) {
    settings_.on_disclosure(disclosed_);
  }
  if (!went) {
    return failed(went);
  }
  out.disclosed = std::move(disclosed_);
  out.notices.insert(out.notices.end(), notices_.begin(), notices_.end());
  return out;
}

Result<void> DiscoveryRun::take_steps() {
  if (auto known = learn_account(); !known) {
    return known;
  }
  if (auto begun = begin(); !begun) {
    return begun;
  }
  while (run_->need() != protocol::RunNeed::kNothing) {
    auto taken = take_step();
    // Also after a failure: what was heard and paid for before it is kept.
    if (auto saved = save_changes(); !saved) {
      return saved;
    }
    if (!taken) {
      return taken;
    }
  }
  return {};
}

Result<void> DiscoveryRun::learn_account() {
  auto claims = protocol::read_bearer(settings_.token);
  if (!claims) {
    return failed(claims);
  }
  disclosed_.service = settings_.service;
  disclosed_.token = std::move(*claims);
  disclosed_.token_bytes = settings_.token.size();
  return {};
}

Result<void> DiscoveryRun::begin() {
  run_.emplace(protocol::RunSettings{.root = settings_.root,
                                     .issuer = disclosed_.token.issuer,
                                     .account = disclosed_.token.account,
                                     .scheduled = settings_.scheduled},
               book_, memory_.state(), memory_.key(), now_, random_);
  if (auto saved = save_changes(); !saved) {
    return saved;
  }
  return memory_.remove_directories(run_->forgotten_epochs());
}

Result<void> DiscoveryRun::take_step() {
  switch (run_->need()) {
    case protocol::RunNeed::kAnnouncement:
      return hear_announcement();
    case protocol::RunNeed::kWork:
      report_evaluating();
      return run_->work(kSlice);
    case protocol::RunNeed::kEvaluation:
      return evaluate();
    case protocol::RunNeed::kDirectory:
      return read_directory();
    case protocol::RunNeed::kNothing:
      break;
  }
  return {};
}

Result<void> DiscoveryRun::hear_announcement() {
  auto answer = channel_.get("/v1/announcement");
  if (!answer) {
    return failed(answer);
  }
  if (auto refused = refusal_in(*answer)) {
    return tl::unexpected<Error>(std::move(refused->error));
  }
  const auto log = missed_log(answer->body);
  if (!log) {
    return tl::unexpected<Error>(log.error());
  }
  auto heard = run_->take_announcement(answer->body, *log ? std::optional<ByteView>(**log) : std::nullopt);
  if (!heard) {
    keep_evidence(run_->evidence(), heard.error());
  }
  disclosed_.operator_name = run_->outcome().operator_name;
  return heard && settings_.mirror ? compare_with_mirror(answer->body) : heard;
}

void DiscoveryRun::keep_evidence(const std::optional<Bytes>& evidence, Error& error) {
  if (!evidence) {
    return;
  }
  const auto kept = memory_.keep_evidence(*evidence, now_);
  if (kept && *kept) {
    error.hint = "both signed announcements are kept as evidence in " + (*kept)->string();
  }
}

/// What the service says of the announcements that this client missed; nothing where it missed none, or the service has
/// no log that reaches back so far.
Result<std::optional<Bytes>> DiscoveryRun::missed_log(ByteView announcement) {
  const std::optional<std::string> path = run_->log_path(announcement);
  if (!path) {
    return std::optional<Bytes>();
  }
  auto answer = channel_.get(*path);
  if (!answer) {
    return failed(answer);
  }
  return answer->status == 200 ? std::optional(std::move(answer->body)) : std::nullopt;
}

/// Sends one batch and takes its answer in.
Result<void> DiscoveryRun::evaluate() {
  const protocol::RunRequest request = run_->request();
  const std::uint32_t elements = request.elements;
  disclosed_.batches.push_back({.size = elements, .resumed = request.resumed});
  const auto answer = channel_.post("/v1/evaluate", request.body, elements);
  if (!answer) {
    return tl::unexpected<Error>(answer.error());
  }
  if (auto refused = refusal_in(*answer)) {
    if (!refused->refusal) {
      return tl::unexpected<Error>(std::move(refused->error));
    }
    return run_->take_refusal(*refused->refusal, std::move(refused->error));
  }
  auto taken = run_->take_answer(answer->body);
  if (taken) {
    disclosed_.batches.back().answered = true;
    disclosed_.evaluations_charged += elements;
    report_evaluating();
  }
  return taken;
}

Result<void> DiscoveryRun::save_changes() {
  if (!run_->state_changed()) {
    return {};
  }
  auto saved = memory_.save(random_);
  if (saved) {
    run_->state_saved();
  }
  return saved;
}

void DiscoveryRun::report_evaluating() const {
  const auto [done, total] = run_->progress();
  if (settings_.progress && total > 0) {
    settings_.progress(DiscoveryStage::kEvaluating, done, total);
  }
}

}  // namespace blindbook::service
