#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "blindbook/base/identifier.h"
#include "blindbook/base/random.h"
#include "blindbook/protocol/announcement.h"
#include "blindbook/protocol/client.h"
#include "blindbook/protocol/history.h"
#include "blindbook/protocol/run_plan.h"
#include "blindbook/protocol/state.h"

/// A whole run of the client without I/O (docs/spec/protocol.md "A run of the client"): says what it waits for,
/// takes the bytes that came, and says what they come to. The caller carries bytes, and keeps the state durably
/// each time it has changed:
///
///   Run run(settings, book, state, key, now, random);
///   while (run.need() != RunNeed::kNothing) {
///     switch (run.need()) {
///       case kAnnouncement: taken = run.take_announcement(GET /v1/announcement);        break;
///       case kWork:         taken = run.work(512);                                      break;
///       case kEvaluation:   taken = run.take_answer(POST /v1/evaluate, run.request());  break;
///       case kDirectory:    run.begin_directory(); run.feed_directory(GET run.directory_path(), in chunks);
///                           taken = run.finish_directory();
///     }
///     if (run.state_changed()) { write the state to disk; run.state_saved(); }  // also when `taken` is an error
///   }
///
/// A request may not be sent before the state was saved: the service charges durably, so what is paid for must
/// survive a crash here too. The address book must be complete before the first byte is fetched: nothing that is
/// fetched depends on it.
namespace blindbook::protocol {

/// Whose run it is.
struct RunSettings {
  Ed25519PublicKey root;   ///< of the operator, from the invitation
  std::string issuer;      ///< of the access token, as is the next: `iss` and `sub`
  std::string account;     ///< who is charged
  bool scheduled = false;  ///< a timer started this run, not a person
};

/// What a run waits for.
enum class RunNeed {
  kAnnouncement,  ///< the announcement
  kWork,          ///< time of the processor: work()
  kEvaluation,    ///< the answer to request()
  kDirectory,     ///< the directory at directory_path()
  kNothing,       ///< it has ended
};

/// Refusals of a service that a run can live with. The others end it.
enum class RunRefusal {
  kEpochGone,       ///< 410 to an evaluation
  kAllowanceSpent,  ///< 429 of the type "allowance"
};

/// What is to be sent.
struct RunRequest {
  ByteView body;                ///< valid until the run is given the answer
  std::uint32_t elements = 0;   ///< what it costs
  std::size_t identifiers = 0;  ///< how many of the elements are real
  bool resumed = false;         ///< an earlier run may have sent the same bytes
};

/// What a run has come to so far; all of it when it has ended.
struct RunOutcome {
  EpochId epoch;
  Edition edition{};
  ChainLink chain = ChainLink::kFirst;
  Head head;
  std::string operator_name;      ///< as the announcement says; empty until one has verified
  std::size_t evaluated = 0;      ///< real numbers newly evaluated in this run
  std::size_t not_looked_up = 0;  ///< numbers of the book whose outputs are not held
  std::size_t unopened_labels = 0;
  std::vector<ContactMatch> matches;
  std::optional<std::uint32_t> allowance_left;  ///< as the last answer of this run said
  std::vector<std::string> notices;             ///< one clause each, for a person
  /// Why the run is partial: the allowance ended half-way. Matches of what was evaluated are there all the
  /// same.
  std::optional<Error> stopped;
};

class Run {
 public:
  /// `book`, `state`, `key` (which seals suspended requests) and `random` must outlive the run. Wipes from
  /// `state` what belongs to epochs that ended before `now`; forgotten_epochs() names them.
  Run(RunSettings settings, std::span<const Identifier> book, ClientState& state, const Secret<32>& key,
      UnixTime now, RandomSource& random);

  [[nodiscard]] RunNeed need() const noexcept { return need_; }
  [[nodiscard]] const RunOutcome& outcome() const noexcept { return outcome_; }
  [[nodiscard]] RunOutcome&& take_outcome() && noexcept { return std::move(outcome_); }

  /// Whether `state` has changed since the last state_saved().
  [[nodiscard]] bool state_changed() const noexcept { return state_changed_; }
  void state_saved() noexcept { state_changed_ = false; }
  /// The epochs wiped at the beginning: what lies on disk for them can go.
  [[nodiscard]] const std::vector<EpochId>& forgotten_epochs() const noexcept { return forgotten_; }

  /// Every step below: ApiMisuse "run.order" when the run waits for something else, and after an error, which
  /// ends the run; what was charged and verified before it is in `state`.

  /// What the service announces. Errors of open_announcement(), follow() and check_fresh(); Unavailable
  /// "discovery.no-epoch" when nothing announced can be used now.
  /// `log`: what the service has at log_path(), where that asks for it and the service has it.
  [[nodiscard]] Result<void> take_announcement(ByteView object, std::optional<ByteView> log = std::nullopt);
  /// What to fetch besides the announcement `object`, since this client has not seen the one before it; nothing where
  /// that is not so, or `object` is none.
  [[nodiscard]] std::optional<std::string> log_path(ByteView object) const;
  /// Proof of a fork, when take_announcement() found one: to be kept, and shown to others.
  [[nodiscard]] const std::optional<Bytes>& evidence() const noexcept { return evidence_; }

  /// Prepares the next request: blinds up to `max_elements` (at least 1) more.
  [[nodiscard]] Result<void> work(std::size_t max_elements);
  /// Elements blinded and in all, over all batches that this run plans; 0 of 0 before there is a plan.
  struct Progress {
    std::uint64_t done = 0;
    std::uint64_t total = 0;
  };
  [[nodiscard]] Progress progress() const noexcept;

  /// While the run waits for an evaluation; an empty body otherwise. The same bytes however often it is asked
  /// for, so that they may be sent again when the connection failed: they are charged once.
  [[nodiscard]] RunRequest request() const noexcept;

  /// The answer to request(). Checks the proof, and unblinds: one piece of work, which cannot be cut.
  /// Unavailable "service.not-an-answer" when it is none (a captive portal, say); errors of
  /// AwaitingEvaluation::finish().
  [[nodiscard]] Result<void> take_answer(ByteView answer);
  /// The service refused request(). `why` is the error of the run where it cannot go on.
  [[nodiscard]] Result<void> take_refusal(RunRefusal refusal, Error why);

  /// While the run waits for the directory: the epoch whose directory it is, and its path on the service.
  /// @{
  [[nodiscard]] const AnnouncedEpoch& epoch() const noexcept { return *epoch_; }
  [[nodiscard]] std::string directory_path() const;
  /// @}
  /// Begins, or begins again, to read the directory.
  [[nodiscard]] Result<void> begin_directory();
  /// The next bytes, in pieces of any size. Unavailable "service.not-an-answer"; PeerMisbehaved "directory.*".
  [[nodiscard]] Result<void> feed_directory(ByteView chunk);
  /// All bytes have been fed: checks the root, and forms the matches. Errors of AwaitingDirectory::discover().
  [[nodiscard]] Result<void> finish_directory();
  /// The service has this directory no more: a publication came between.
  [[nodiscard]] Result<void> directory_gone();

 private:
  struct Sending {
    Blinded blinded;
    bool resumed;
  };

  [[nodiscard]] Result<void> expect(RunNeed need) const;
  template <class T>
  [[nodiscard]] Result<void> end_by(const Result<T>& result) {
    ended_by_error_ = true;
    need_ = RunNeed::kNothing;
    return tl::unexpected<Error>(result.error());
  }
  [[nodiscard]] Result<void> announce_again();
  [[nodiscard]] const AnnouncedEpoch* choose();
  [[nodiscard]] Result<void> prepare();
  [[nodiscard]] Result<bool> resume_suspended();
  void drop_suspended(EpochMemory& from, const std::string& why);
  [[nodiscard]] Result<void> plan();
  [[nodiscard]] Result<void> begin_batch();
  void send(Blinded blinded, bool resumed);
  [[nodiscard]] Result<void> check_beginning();
  [[nodiscard]] RunKind kind() const;
  [[nodiscard]] EpochMemory& remembered() { return state_.remember(epoch_->id, epoch_->not_after); }

  RunSettings settings_;
  std::span<const Identifier> book_;
  ClientState& state_;
  const Secret<32>& key_;
  UnixTime now_;
  RandomSource& random_;

  RunNeed need_ = RunNeed::kAnnouncement;
  bool ended_by_error_ = false;
  bool state_changed_ = false;
  std::vector<EpochId> forgotten_;
  RunOutcome outcome_;
  std::optional<Bytes> evidence_;

  int announcements_ = 0;
  std::vector<EpochId> gone_;  // that the service refused to evaluate in
  Announcement announcement_;
  const AnnouncedEpoch* epoch_ = nullptr;  // into announcement_

  // One of these holds what the run has evaluated: first, in the middle, at the end of each batch, of all.
  std::optional<Ready> ready_;
  std::optional<Blinding> blinding_;
  std::optional<Sending> sending_;
  std::optional<AwaitingDirectory> awaiting_;

  std::optional<RunPlan> plan_;
  std::vector<Identifier> planned_;  // numbers to look up, in the order of the book
  std::size_t batch_ = 0;            // of the plan, the one in hand
  std::size_t taken_ = 0;            // numbers of planned_ in earlier batches and this one

  std::optional<DirectoryReading> reading_;
  Bytes beginning_;  // held back until it shows whether this is a directory or a page of something in between
  bool begun_ = false;
};

}  // namespace blindbook::protocol
