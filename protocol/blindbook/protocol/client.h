#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "blindbook/base/identifier.h"
#include "blindbook/base/random.h"
#include "blindbook/directory/reader.h"
#include "blindbook/oprf/suite.h"
#include "blindbook/protocol/announcement.h"
#include "blindbook/protocol/codec.h"
#include "blindbook/protocol/output_store.h"

/// The client's half of a run, one type for each thing it waits for; a step consumes the type before. No I/O:
/// the caller carries the bytes. One run, as discovery does it (docs/spec/protocol.md):
///
///   auto ready = Ready::begin(epoch, std::move(known_outputs));
///   auto [waiting, request] = std::move(*ready).blind(identifiers, batch_size, random);    // POST request
///   // save waiting.suspend(key, order, random) first: the charge is durable, so the request must be too
///   auto awaiting = std::move(waiting).finish(answer);                                     // proof checked
///   here DirectoryReading reading = awaiting->read_directory(epoch, book); reading.feed(chunk); // GET
///   directory, whole auto discovered = std::move(*awaiting).discover(std::move(reading)); // root checked
///   here
namespace blindbook::protocol {

class Blinding;
class AwaitingEvaluation;
class AwaitingDirectory;
class Discovered;
struct Blinded;

/// Who asked and when: kept with a suspended request, since only the same account may send it again.
struct RequestOrder {
  std::string issuer;
  std::string subject;
  UnixTime created_at;
  friend bool operator==(const RequestOrder&, const RequestOrder&) = default;
};

/// Nothing is under way. Holds what was evaluated before in this epoch.
class Ready {
 public:
  /// `known` are the outputs of this very epoch. Unavailable "client.suite" when this build lacks the epoch's
  /// suite.
  [[nodiscard]] static Result<Ready> begin(AnnouncedEpoch epoch, OutputStore known);

  [[nodiscard]] const OutputStore& outputs() const noexcept { return outputs_; }
  [[nodiscard]] const AnnouncedEpoch& epoch() const noexcept { return epoch_; }

  /// Blinds `identifiers`, fills the batch up with dummies (blind(32 random bytes), by the same code) and
  /// shuffles, so that the request is independent of the contacts. ApiMisuse "client.batch-size" when
  /// `batch_size` is not on the list or smaller than the number of identifiers.
  [[nodiscard]] Result<Blinded> blind(std::span<const Identifier> identifiers, std::uint32_t batch_size,
                                      RandomSource& random) &&;

  /// The same, slice by slice. Order and dummies are drawn here.
  [[nodiscard]] Result<Blinding> begin_blinding(std::span<const Identifier> identifiers,
                                                std::uint32_t batch_size, RandomSource& random) &&;

  /// Takes up a request that was suspended. BadInput "client.pending" when the blob does not open with `key`
  /// or is not of this epoch. The request comes out byte for byte as it was, so that it is charged once.
  [[nodiscard]] Result<Blinded> resume(const Secret<32>& key, ByteView blob) &&;

  /// Straight on to the directory, when every number in question is known.
  [[nodiscard]] AwaitingDirectory skip_evaluation() &&;

 private:
  friend class Blinding;
  friend class AwaitingEvaluation;
  friend class AwaitingDirectory;
  Ready(const oprf::Suite& suite, AnnouncedEpoch epoch, OutputStore outputs) noexcept
      : suite_(&suite), epoch_(std::move(epoch)), outputs_(std::move(outputs)) {}

  const oprf::Suite* suite_;
  AnnouncedEpoch epoch_;
  OutputStore outputs_;
};

/// A request in the making. Dropping it costs nothing: nothing was sent.
class Blinding {
 public:
  /// Elements blinded so far, and in all: dummies count.
  /// @{
  [[nodiscard]] std::size_t done() const noexcept { return job_->done(); }
  [[nodiscard]] std::size_t count() const noexcept { return job_->count(); }
  /// @}

  /// Blinds up to `max_elements` more.
  void step(std::size_t max_elements, RandomSource& random) { job_->step(max_elements, random); }

  /// ApiMisuse "oprf.not-blinded" while done() is below count().
  [[nodiscard]] Result<Blinded> finish() &&;

 private:
  friend class Ready;
  Blinding(Ready ready, std::vector<std::optional<Identifier>> slots,
           std::unique_ptr<oprf::BlindingJob> job) noexcept
      : ready_(std::move(ready)), slots_(std::move(slots)), job_(std::move(job)) {}

  Ready ready_;
  std::vector<std::optional<Identifier>> slots_;  // as AwaitingEvaluation::slots_
  std::unique_ptr<oprf::BlindingJob> job_;
};

/// A request is out, or about to be.
class AwaitingEvaluation {
 public:
  [[nodiscard]] std::uint32_t batch_size() const noexcept {
    return static_cast<std::uint32_t>(slots_.size());
  }
  /// Real identifiers among the elements.
  [[nodiscard]] std::size_t identifiers() const noexcept;
  [[nodiscard]] const RequestDigest& digest() const noexcept { return digest_; }

  /// Checks echo, count, encodings and the proof over the whole batch against the epoch's key; then, and only
  /// then, unblinds. Everything as parse_answer() and oprf::ClientBatch::verify(); the caller's suspended
  /// copy survives a failure.
  [[nodiscard]] Result<AwaitingDirectory> finish(ByteView answer) &&;

  /// Everything needed to send the same request again and finish it: sealed under `key`. Holds numbers and
  /// masks, so it must not outlive the answer.
  [[nodiscard]] Bytes suspend(const Secret<32>& key, const RequestOrder& order, RandomSource& random) const;

 private:
  friend class Ready;
  friend class Blinding;
  AwaitingEvaluation(Ready ready, oprf::ClientBatch batch, std::vector<std::optional<Identifier>> slots,
                     const RequestDigest& digest) noexcept
      : ready_(std::move(ready)), batch_(std::move(batch)), slots_(std::move(slots)), digest_(digest) {}

  Ready ready_;
  oprf::ClientBatch batch_;
  std::vector<std::optional<Identifier>> slots_;  // by position in the batch; nothing: a dummy
  RequestDigest digest_;
};

/// The state to keep and the message to send.
struct Blinded {
  AwaitingEvaluation waiting;
  Bytes request;
};

/// What names a suspended request, read without an epoch at hand. BadInput "client.pending".
struct PendingRequest {
  EpochId epoch;
  RequestOrder order;
};
[[nodiscard]] Result<PendingRequest> inspect_pending(const Secret<32>& key, ByteView blob);

/// One directory as it arrives. Yields nothing before discover() has checked its root.
class DirectoryReading {
 public:
  /// The next bytes, in pieces of any size. PeerMisbehaved "directory.*": the file cannot be the announced
  /// one.
  [[nodiscard]] Result<void> feed(ByteView chunk) { return reader_.feed(chunk); }

 private:
  friend class AwaitingDirectory;
  DirectoryReading(AnnouncedEpoch epoch, std::vector<Identifier> asked,
                   directory::StreamReader reader) noexcept
      : epoch_(std::move(epoch)), asked_(std::move(asked)), reader_(std::move(reader)) {}

  AnnouncedEpoch epoch_;
  std::vector<Identifier> asked_;  // own_index of a match is an index into this
  directory::StreamReader reader_;
};

/// Every proof has verified; the directory is missing.
class AwaitingDirectory {
 public:
  /// Everything evaluated in this epoch, to be stored before the directory is fetched.
  [[nodiscard]] const OutputStore& outputs() const noexcept { return ready_.outputs_; }

  /// Whole evaluations left to the account, as the last answer said; nothing when none was asked for in this
  /// run.
  [[nodiscard]] std::optional<std::uint32_t> allowance_left() const noexcept { return allowance_left_; }

  /// Back, for another batch.
  [[nodiscard]] Ready evaluate_more() && { return std::move(ready_); }

  /// Prepares to read the directory of `epoch` (the same epoch, perhaps a later edition than the run began
  /// with) for the numbers of `book` whose outputs are held. May be called again when a download failed.
  /// ApiMisuse "client.epoch" when `epoch` is another one or has no edition.
  [[nodiscard]] Result<DirectoryReading> read_directory(const AnnouncedEpoch& epoch,
                                                        std::span<const Identifier> book) const;

  /// Checks the root, opens labels, forms matches. PeerMisbehaved "directory.*"; then nothing of it is shown.
  [[nodiscard]] Result<Discovered> discover(DirectoryReading reading) &&;

 private:
  friend class Ready;
  friend class AwaitingEvaluation;
  AwaitingDirectory(Ready ready, std::optional<std::uint32_t> allowance_left) noexcept
      : ready_(std::move(ready)), allowance_left_(allowance_left) {}

  Ready ready_;
  std::optional<std::uint32_t> allowance_left_;
};

/// A contact who subscribes. Not streamable.
struct ContactMatch {
  Identifier identifier;
  std::optional<std::string>
      label;  ///< the template filled in; nothing where the epoch has no labels, or none that was asked for
};

/// The end of a run.
class Discovered {
 public:
  /// In the order of the book, one per identifier.
  [[nodiscard]] const std::vector<ContactMatch>& matches() const noexcept { return matches_; }
  /// Rows whose tag was ours and whose label did not open: chance or mischief, in any case not a match.
  [[nodiscard]] std::size_t unopened_labels() const noexcept { return unopened_; }
  [[nodiscard]] const OutputStore& outputs() const noexcept { return outputs_; }

 private:
  friend class AwaitingDirectory;
  Discovered(std::vector<ContactMatch> matches, std::size_t unopened, OutputStore outputs) noexcept
      : matches_(std::move(matches)), unopened_(unopened), outputs_(std::move(outputs)) {}

  std::vector<ContactMatch> matches_;
  std::size_t unopened_;
  OutputStore outputs_;
};

}  // namespace blindbook::protocol
