#include "blindbook/service/discovery.h"

#include "blindbook/protocol/epoch_choice.h"
#include "blindbook/service/discovery_run.h"
#include "blindbook/service/service_answer.h"

// The course of a run, and its first step: whose account, and what the service announces.
namespace blindbook::service {
namespace {

constexpr int kMaxAnnouncements = 4;  // the first, and at most 3 more when an epoch or an edition has gone

}  // namespace

Result<DiscoveryOutcome> discover(const DiscoverySettings& settings, std::span<const Identifier> book,
                                  ClientMemory& memory, UnixTime now, RandomSource& random) {
  return DiscoveryRun(settings, book, memory, now, random).go();
}

Result<DiscoveryOutcome> DiscoveryRun::go() {
  auto went = take_steps();
  if (settings_.on_disclosure) {
    settings_.on_disclosure(outcome_.disclosed);
  }
  if (!went) {
    return failed(went);
  }
  return std::move(outcome_);
}

Result<void> DiscoveryRun::take_steps() {
  if (auto known = learn_account(); !known) {
    return failed(known);
  }
  const auto lost_request = memory_.forget_ended(now_, random_);
  if (!lost_request) {
    return tl::unexpected<Error>(lost_request.error());
  }
  if (*lost_request) {
    tell_of_lost_request("its epoch has ended");
  }
  for (int heard = 0; heard < kMaxAnnouncements; ++heard) {
    if (auto announced = hear_announcement(); !announced) {
      return failed(announced);
    }
    auto step = evaluate();
    if (step && *step == Step::kDone) {
      step = read_directory();
    }
    if (!step) {
      return failed(step);
    }
    if (*step == Step::kDone) {
      return {};
    }
  }
  return unavailable("discovery.moving", "the service changed its epoch or edition during each of 4 attempts",
                     "try again later");
}

Result<void> DiscoveryRun::learn_account() {
  auto claims = read_bearer(settings_.token);
  if (!claims) {
    return failed(claims);
  }
  account_ = std::move(*claims);
  outcome_.disclosed.service = settings_.service;
  outcome_.disclosed.token = account_;
  outcome_.disclosed.token_bytes = settings_.token.size();
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
  auto opened = protocol::open_announcement(answer->body, settings_.root);
  if (!opened) {
    return failed(opened);
  }

  auto followed = protocol::follow(memory_.state().history, *opened, now_);
  if (!followed) {
    Error error = std::move(followed.error().error);
    if (followed.error().evidence) {
      const auto kept = memory_.keep_evidence(*followed.error().evidence, now_);
      if (kept && *kept) {
        error.hint = "both signed announcements are kept as evidence in " + (*kept)->string();
      }
    }
    return tl::unexpected<Error>(std::move(error));
  }
  // Remembered before it is asked whether it is fresh: what was signed once stays signed.
  memory_.state().history = std::move(followed->history);
  if (auto saved = memory_.save(random_); !saved) {
    return saved;
  }
  if (auto fresh = protocol::check_fresh(*opened, now_); !fresh) {
    return fresh;
  }
  outcome_.disclosed.operator_name = opened->announcement.operator_name;
  outcome_.chain = followed->link;
  outcome_.head = opened->head;
  announcement_ = std::move(opened->announcement);
  const protocol::AnnouncedEpoch* chosen =
      protocol::choose_epoch(announcement_, memory_.state(), now_, random_);
  if (chosen == nullptr) {
    return unavailable("discovery.no-epoch", "the service has published nothing that is valid now",
                       "the operator has to publish; or check this machine's clock");
  }
  if (awaiting_ && chosen->id != outcome_.epoch) {
    // The epoch itself has changed: its outputs are kept in memory, and of no use for the new one.
    awaiting_.reset();
    outcome_.stopped.reset();
  }
  epoch_ = chosen;
  outcome_.epoch = chosen->id;
  outcome_.edition = chosen->edition;
  return memory_.save(random_);
}

}  // namespace blindbook::service
