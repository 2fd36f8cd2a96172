#pragma once

#include <memory>
#include <vector>

#include "blindbook/base/types.h"
#include "blindbook/base/workers.h"
#include "blindbook/oprf/suite.h"
#include "blindbook/protocol/codec.h"

/// The server's half of an evaluation. Stateless and without I/O; the caller brings clock, ledger and threads
/// and goes, in this order (docs/spec/evaluate.md):
///
///   auto request = parse_request(body);                        // 400
///   const EpochKey* key = evaluator.live_key(*request, now);   // 410
///   auto work = evaluator.accept(body, *request, *key);        // decodes every element: 400
///   ledger.charge(issuer, account, work->digest(), work->count());   // 429; durable before anything is computed
///   work->evaluate(first, last);                               // slice by slice, over any threads
///   Bytes answer = std::move(*work).answer(allowance_left, random);
namespace blindbook::protocol {

/// The key of one epoch, as a worker holds it.
struct EpochKey {
  EpochId id;
  UnixTime not_before;
  UnixTime not_after;
  oprf::KeyPair keys;
};

/// One admitted request: decoded, not yet evaluated. Must not outlive the EpochKey it was accepted for.
class EvaluationWork {
 public:
  [[nodiscard]] const RequestDigest& digest() const noexcept { return digest_; }
  [[nodiscard]] std::uint32_t count() const noexcept { return static_cast<std::uint32_t>(job_->count()); }

  /// Evaluates elements [first, last); safe from several threads on disjoint ranges.
  void evaluate(std::size_t first, std::size_t last) { job_->evaluate(key_->keys.secret, first, last); }

  /// The answer's body with its proof, to which `workers` lend a hand, once every element is evaluated. ApiMisuse as
  /// oprf::EvaluationJob::finish.
  [[nodiscard]] Result<Bytes> answer(std::uint32_t allowance_left, RandomSource& random,
                                     Workers& workers = calling_thread()) &&;

 private:
  friend class Evaluator;
  EvaluationWork(const EpochKey& key, const RequestDigest& digest,
                 std::unique_ptr<oprf::EvaluationJob> job) noexcept
      : key_(&key), digest_(digest), job_(std::move(job)) {}

  const EpochKey* key_;
  RequestDigest digest_;
  std::unique_ptr<oprf::EvaluationJob> job_;
};

/// The keys of the epochs that live. Immutable and thread-safe.
class Evaluator {
 public:
  explicit Evaluator(std::vector<EpochKey> keys) noexcept : keys_(std::move(keys)) {}

  /// The key for `request`, or null when its epoch is unknown, has another suite or does not live at `now`.
  [[nodiscard]] const EpochKey* live_key(const EvaluateRequest& request, UnixTime now) const noexcept;

  /// The key of that epoch, whether or not it lives; null when it is unknown.
  [[nodiscard]] const EpochKey* find(const EpochId& epoch) const noexcept;

  /// Whether any epoch lives at `now`.
  [[nodiscard]] bool has_live_key(UnixTime now) const noexcept;

  /// Decodes every element of `request`, which was parsed from `body`, shared out among `workers`. PeerMisbehaved
  /// "oprf.element" naming the first one that is not canonical or is the identity.
  [[nodiscard]] Result<EvaluationWork> accept(ByteView body, const EvaluateRequest& request,
                                              const EpochKey& key, Workers& workers = calling_thread()) const;

 private:
  std::vector<EpochKey> keys_;
};

}  // namespace blindbook::protocol
