#include "blindbook/service/discovery.h"

#include <filesystem>

#include "blindbook/directory/root.h"
#include "blindbook/protocol/announcement.h"
#include "blindbook/protocol/epoch_choice.h"
#include "blindbook/protocol/params.h"
#include "blindbook/service/bearer.h"
#include "blindbook/service/discovery_channel.h"
#include "blindbook/service/mapped_file.h"
#include "blindbook/service/partial_file.h"
#include "blindbook/service/service_answer.h"

namespace blindbook::service {
namespace {

using protocol::AwaitingDirectory;
using protocol::EpochMemory;
using protocol::Ready;

constexpr int kMaxAnnouncements = 4;  // the first, and at most 3 more when an epoch or an edition has gone

/// One run. Each member function is one step of docs/spec/protocol.md "A run of the client", in their order.
class Run {
 public:
  Run(const DiscoverySettings& settings, std::span<const Identifier> book, ClientMemory& memory, UnixTime now,
      RandomSource& random)
      : settings_(settings),
        book_(book),
        memory_(memory),
        now_(now),
        random_(random),
        channel_(settings, outcome_.disclosed) {}

  Result<DiscoveryOutcome> go();

 private:
  /// What a step says to the one after: go on, or begin again at the announcement because what it named has
  /// gone.
  enum class Step { kDone, kAnnounceAgain };

  Result<void> learn_account();
  Result<void> hear_announcement();
  Result<Step> evaluate();
  Result<Step> finish_pending(EpochMemory& remembered);
  Result<Step> evaluate_new();
  Result<Step> exchange(protocol::Blinded blinded, bool resumed);
  Result<Step> read_directory();
  Result<bool> read_held_directory(const std::filesystem::path& file);
  Result<Step> fetch_directory();
  Result<void> conclude(protocol::DirectoryReading reading);

  EpochMemory& remembered() { return memory_.state().remember(epoch_->id, epoch_->not_after); }
  [[nodiscard]] protocol::RunKind kind();
  Result<void> drop_pending(EpochMemory& from, const std::string& why);
  void tell_of_lost_request(const std::string& why);
  void go_on_without_copy(std::optional<PartialFile>& copy, const Error& error);
  void report(DiscoveryStage stage, std::uint64_t done, std::uint64_t total) const {
    if (settings_.progress) {
      settings_.progress(stage, done, total);
    }
  }

  const DiscoverySettings& settings_;
  std::span<const Identifier> book_;
  ClientMemory& memory_;
  UnixTime now_;
  RandomSource& random_;
  DiscoveryOutcome outcome_;
  DiscoveryChannel channel_;

  BearerClaims account_;
  protocol::Announcement announcement_;
  const protocol::AnnouncedEpoch* epoch_ = nullptr;  // into announcement_
  std::optional<Ready> ready_;                       // until every batch is answered
  std::optional<AwaitingDirectory> awaiting_;        // from then on
};

Result<DiscoveryOutcome> Run::go() {
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
      return std::move(outcome_);
    }
  }
  return unavailable("discovery.moving", "the service changed its epoch or edition during each of 4 attempts",
                     "try again later");
}

Result<void> Run::learn_account() {
  auto claims = read_bearer(settings_.token);
  if (!claims) {
    return failed(claims);
  }
  account_ = std::move(*claims);
  outcome_.disclosed.issuer = account_.issuer;
  outcome_.disclosed.account = account_.account;
  return {};
}

Result<void> Run::hear_announcement() {
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

Result<Run::Step> Run::evaluate() {
  if (awaiting_) {
    return Step::kDone;  // a later edition of an epoch in which everything is answered
  }
  EpochMemory* known = memory_.state().find(epoch_->id);
  auto ready = Ready::begin(*epoch_, known ? known->outputs.duplicate() : protocol::OutputStore{});
  if (!ready) {
    return failed(ready);
  }
  ready_.emplace(std::move(*ready));

  for (EpochMemory& any : memory_.state().epochs) {
    auto step = finish_pending(any);
    if (!step || *step == Step::kAnnounceAgain) {
      return step;
    }
  }
  return outcome_.stopped ? Step::kDone : evaluate_new();
}

/// A request that an earlier run left unanswered is sent again as it was: it may have been charged already,
/// and is charged once.
Result<Run::Step> Run::finish_pending(EpochMemory& from) {
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

Result<void> Run::drop_pending(EpochMemory& from, const std::string& why) {
  from.pending.clear();
  tell_of_lost_request(why);
  return memory_.save(random_);
}

void Run::tell_of_lost_request(const std::string& why) {
  outcome_.notices.push_back("a request without an answer was dropped, its charge may be lost: " + why);
}

protocol::RunKind Run::kind() {
  const EpochMemory* known = memory_.state().find(epoch_->id);
  if (known == nullptr || !known->begun) {
    return protocol::RunKind::kFirstInEpoch;
  }
  return settings_.scheduled ? protocol::RunKind::kScheduled : protocol::RunKind::kByUser;
}

Result<Run::Step> Run::evaluate_new() {
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
Result<Run::Step> Run::exchange(protocol::Blinded blinded, bool resumed) {
  const std::uint32_t size = blinded.waiting.batch_size();
  const std::size_t identifiers = blinded.waiting.identifiers();
  outcome_.disclosed.batches.push_back({.size = size, .resumed = resumed});
  const auto answer = channel_.post("/v1/evaluate", blinded.request);
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
    EpochMemory& known = remembered();
    if (refused->setback == Setback::kAllowanceSpent && known.outputs.size() > 0) {
      outcome_.stopped = std::move(refused->error);
      auto ready = Ready::begin(*epoch_, known.outputs.duplicate());
      if (!ready) {
        return failed(ready);
      }
      awaiting_.emplace(std::move(*ready).skip_evaluation());
      return Step::kDone;
    }
    return tl::unexpected<Error>(std::move(refused->error));
  }
  auto finished = std::move(blinded.waiting).finish(answer->body);
  if (!finished) {
    return failed(finished);
  }
  outcome_.evaluated += identifiers;
  outcome_.allowance_left = finished->allowance_left();
  outcome_.disclosed.batches.back().answered = true;
  outcome_.disclosed.evaluations_charged += size;
  EpochMemory& known = remembered();
  known.outputs = finished->outputs().duplicate();
  known.begun = true;
  known.pending.clear();
  if (auto saved = memory_.save(random_); !saved) {
    return failed(saved);
  }
  ready_.emplace(std::move(*finished).evaluate_more());
  return Step::kDone;
}

Result<Run::Step> Run::read_directory() {
  const auto file = memory_.directory_file(epoch_->id);
  if (file && remembered().edition == epoch_->edition) {
    auto read = read_held_directory(*file);
    if (!read) {
      return failed(read);
    }
    if (*read) {
      return Step::kDone;
    }
  }
  return fetch_directory();
}

/// True when the directory on disk is the announced one and gave the matches; false when it has to be
/// fetched, which depends on the file alone and on no contact.
Result<bool> Run::read_held_directory(const std::filesystem::path& file) {
  const auto held = MappedFile::open(file);
  if (!held || directory::root_of((*held)->bytes()) != epoch_->root) {
    return false;
  }
  auto reading = awaiting_->read_directory(*epoch_, book_);
  if (!reading) {
    return failed(reading);
  }
  if (auto fed = reading->feed((*held)->bytes()); !fed) {
    return failed(fed);
  }
  return conclude(std::move(*reading)).map([] { return true; });
}

Result<Run::Step> Run::fetch_directory() {
  auto reading = awaiting_->read_directory(*epoch_, book_);
  if (!reading) {
    return failed(reading);
  }
  std::optional<PartialFile> copy;
  if (const auto file = memory_.directory_file(epoch_->id)) {
    if (auto created = PartialFile::create(*file)) {
      copy.emplace(std::move(*created));
    } else {
      go_on_without_copy(copy, created.error());
    }
  }
  std::uint64_t received = 0;
  const std::string path =
      "/v1/directory/" + epoch_->id.hex() + "/" + std::to_string(epoch_->edition.value());
  const auto answer = channel_.get(path, [&](ByteView chunk) -> Result<void> {
    received += chunk.size();
    report(DiscoveryStage::kReadingDirectory, received, epoch_->size);
    if (auto fed = reading->feed(chunk); !fed) {
      return fed;
    }
    if (copy) {
      if (auto appended = copy->append(chunk); !appended) {
        go_on_without_copy(copy, appended.error());
      }
    }
    return {};
  });
  if (!answer) {
    return tl::unexpected<Error>(answer.error());
  }
  if (answer->status == 404 || answer->status == 410) {
    return Step::kAnnounceAgain;  // a publication came between
  }
  if (auto refused = refusal_in(*answer)) {
    return tl::unexpected<Error>(std::move(refused->error));
  }
  if (auto concluded = conclude(std::move(*reading)); !concluded) {
    return failed(concluded);
  }
  if (copy) {
    if (auto kept = std::move(*copy).keep(); !kept) {
      go_on_without_copy(copy, kept.error());
      return Step::kDone;
    }
    remembered().edition = epoch_->edition;
    if (auto saved = memory_.save(random_); !saved) {
      return failed(saved);
    }
  }
  return Step::kDone;
}

/// The directory can be fetched again; what was evaluated cannot be had again for nothing. So a full disk
/// costs the copy and not the run.
void Run::go_on_without_copy(std::optional<PartialFile>& copy, const Error& error) {
  copy.reset();
  outcome_.notices.push_back("the directory was not kept for the next run: " + error.message);
}

Result<void> Run::conclude(protocol::DirectoryReading reading) {
  outcome_.not_looked_up = awaiting_->outputs().missing(book_).size();
  auto discovered = std::move(*awaiting_).discover(std::move(reading));
  if (!discovered) {
    return failed(discovered);
  }
  outcome_.unopened_labels = discovered->unopened_labels();
  outcome_.matches = discovered->matches();
  return {};
}

}  // namespace

Result<DiscoveryOutcome> discover(const DiscoverySettings& settings, std::span<const Identifier> book,
                                  ClientMemory& memory, UnixTime now, RandomSource& random) {
  return Run(settings, book, memory, now, random).go();
}

}  // namespace blindbook::service
