#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "blindbook/base/bytes.h"
#include "blindbook/base/error.h"
#include "blindbook/base/random.h"
#include "blindbook/base/secret.h"
#include "blindbook/base/types.h"
#include "blindbook/base/workers.h"
#include "blindbook/oprf/keys.h"

/// RFC 9497, VOPRF mode, with the suite chosen at run time: what every layer above codes against. No type of
/// a group shows through; the text of the RFC is in oprf.h and dleq.h.
///
///   client                                        server
///   auto [batch, elements] = suite.blind(..);
///                                 elements  ->    auto job = suite.decode_batch(elements, count, workers);
///                                                 job->evaluate(key, first, last);   // slice by slice
///                            answer, proof  <-    std::move(*job).finish(key, public_key, random, workers);
///   auto verified = std::move(batch).verify(answer, proof);
///   auto outputs = std::move(*verified).finalize();
namespace blindbook::oprf {

/// The output of the pseudorandom function for one identifier, SuiteSizes::output bytes.
using PrfOutput = SecretBytes;

/// Lengths in bytes of what a suite puts on the wire and into files.
struct SuiteSizes {
  std::size_t element;
  std::size_t scalar;
  std::size_t proof;
  std::size_t output;

  friend bool operator==(const SuiteSizes&, const SuiteSizes&) noexcept = default;
};

/// One batch holds 1 to kMaxBatch elements: the proof counts them in two bytes (RFC 9497 section 2.2.1).
inline constexpr std::size_t kMaxBatch = 65535;
/// One input holds at most kMaxInputBytes: Finalize counts them in two bytes (RFC 9497 section 3.3.1).
inline constexpr std::size_t kMaxInputBytes = 65535;

/// A batch whose proof has verified: the only thing that can be unblinded. Move-only; wiped on destruction.
class VerifiedBatch {
 public:
  /// What a suite keeps behind this class.
  class State;

  VerifiedBatch(VerifiedBatch&&) noexcept;
  VerifiedBatch& operator=(VerifiedBatch&&) noexcept;
  ~VerifiedBatch();

  /// The PRF outputs, in the order of the inputs given to Suite::blind(). Consumes the batch; a consumed
  /// batch gives none.
  [[nodiscard]] std::vector<PrfOutput> finalize() &&;

 private:
  friend class ClientBatch;
  explicit VerifiedBatch(std::unique_ptr<State> state) noexcept;
  std::unique_ptr<State> state_;
};

/// What a client keeps between its request and the answer: the inputs, one mask for each, the blinded
/// elements and the public key they are meant for. Move-only; inputs and masks are wiped on destruction.
class ClientBatch {
 public:
  /// What a suite keeps behind this class.
  class State;

  ClientBatch(ClientBatch&&) noexcept;
  ClientBatch& operator=(ClientBatch&&) noexcept;
  ~ClientBatch();

  /// Number of inputs; 0 once consumed.
  [[nodiscard]] std::size_t count() const noexcept;
  /// The message to send, count() * SuiteSizes::element bytes: the same that blind() returned, so that a
  /// batch that was saved can be sent again. Empty once consumed.
  [[nodiscard]] ByteView elements() const noexcept;

  /// Everything, for a later load(). Holds inputs and masks in clear: the caller seals it. Empty once
  /// consumed.
  [[nodiscard]] SecretBytes save() const;
  /// A batch from the bytes of save(). The blinded elements are computed again from inputs and masks and
  /// compared, so a batch that loads finalizes to the right outputs or fails verify(). BadInput
  /// "oprf.saved-batch" otherwise: truncated, altered, of another suite.
  [[nodiscard]] static Result<ClientBatch> load(const Suite& suite, ByteView saved);

  /// Checks the answer against the public key given to blind(): `evaluated_elements` are count() encodings,
  /// `proof` covers the whole batch. Consumes the batch, also when it fails; the masks of a failed batch are
  /// gone. PeerMisbehaved "oprf.count" (lengths differ), "oprf.element" (an encoding is not canonical or the
  /// identity), "oprf.proof". ApiMisuse "oprf.consumed" on a batch that was already consumed.
  [[nodiscard]] Result<VerifiedBatch> verify(ByteView evaluated_elements, ByteView proof) &&;

 private:
  friend class Suite;
  explicit ClientBatch(std::unique_ptr<State> state) noexcept;
  std::unique_ptr<State> state_;
};

/// The state to keep and the message to send.
struct BlindResult {
  ClientBatch batch;
  /// count * SuiteSizes::element bytes, in the order of the inputs.
  Bytes elements;
};

/// The blinding of one batch, for a caller that shows progress or may stop half-way. Holds inputs and masks,
/// which are wiped on destruction.
class BlindingJob {
 public:
  BlindingJob() = default;
  BlindingJob(const BlindingJob&) = delete;
  BlindingJob& operator=(const BlindingJob&) = delete;
  virtual ~BlindingJob() = default;

  [[nodiscard]] virtual std::size_t count() const noexcept = 0;
  /// Inputs blinded so far.
  [[nodiscard]] virtual std::size_t done() const noexcept = 0;
  /// Blinds up to `max_inputs` more. Any cut gives batches of one distribution; a slice shorter than about 64
  /// costs more for each input.
  virtual void step(std::size_t max_inputs, RandomSource& random) = 0;
  /// The batch, once every input is blinded. ApiMisuse "oprf.not-blinded" before.
  [[nodiscard]] virtual Result<BlindResult> finish() && = 0;
};

/// The server's answer to one batch.
struct Evaluated {
  /// count * SuiteSizes::element bytes.
  Bytes elements;
  /// SuiteSizes::proof bytes.
  Bytes proof;
};

/// One batch on the server: its elements are decoded once and serve evaluation and proof.
class EvaluationJob {
 public:
  EvaluationJob() = default;
  EvaluationJob(const EvaluationJob&) = delete;
  EvaluationJob& operator=(const EvaluationJob&) = delete;
  virtual ~EvaluationJob() = default;

  [[nodiscard]] virtual std::size_t count() const noexcept = 0;

  /// Evaluates elements [first, last). Constant time in the key. May run in several threads at once on
  /// disjoint ranges; any cut gives the same answer. Throws std::invalid_argument when the range is not
  /// inside [0, count()) or the key is of another suite.
  virtual void evaluate(const SecretKey& key, std::size_t first, std::size_t last) = 0;

  /// The answer, once every element is evaluated and all threads are done: computes the proof (RFC 9497
  /// section 2.2.1) with a nonce hedged from `random`, the key and the batch. ApiMisuse "oprf.not-evaluated"
  /// when an element is missing, "oprf.key-mismatch" when `public_key` does not belong to `key` (a proof
  /// under a foreign public key could give the secret key away). What the proof computes on public data is shared out
  /// among `workers`; how many there are does not change the answer.
  [[nodiscard]] virtual Result<Evaluated> finish(const SecretKey& key, const PublicKey& public_key,
                                                 RandomSource& random, Workers& workers) && = 0;
  /// The same on the calling thread.
  [[nodiscard]] Result<Evaluated> finish(const SecretKey& key, const PublicKey& public_key,
                                         RandomSource& random) && {
    return std::move(*this).finish(key, public_key, random, calling_thread());
  }
};

/// One suite of RFC 9497 in VOPRF mode. Immutable; every member function may be called from several threads.
class Suite {
 public:
  Suite() = default;
  Suite(const Suite&) = delete;
  Suite& operator=(const Suite&) = delete;
  virtual ~Suite() = default;

  [[nodiscard]] virtual SuiteId id() const noexcept = 0;
  /// The identifier of RFC 9497 section 4: "ristretto255-SHA512".
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;
  /// The name on the command line and in config files: "ristretto255-sha512".
  [[nodiscard]] virtual std::string_view cli_name() const noexcept = 0;
  [[nodiscard]] virtual SuiteSizes sizes() const noexcept = 0;

  /// DeriveKeyPair (RFC 9497 section 3.2.1) in VOPRF mode. BadInput "oprf.key-info" when `info` is longer
  /// than 65,535 bytes; Unavailable "oprf.derive-key" when 256 candidates in a row are zero, which never
  /// happens.
  [[nodiscard]] virtual Result<KeyPair> derive_key_pair(const Secret<32>& seed, ByteView info) const = 0;
  /// PeerMisbehaved "oprf.public-key": wrong length, not canonical, or the identity.
  [[nodiscard]] virtual Result<PublicKey> decode_public_key(ByteView bytes) const = 0;
  /// The pair of a secret scalar as SecretKey::expose() gave it. BadInput "oprf.secret-key": wrong length,
  /// not canonical, or zero.
  [[nodiscard]] virtual Result<KeyPair> decode_secret_key(ByteView bytes) const = 0;

  /// Client. Blinds additively: B = HashToGroup(x) + r*G, r uniform, so that the message is independent of
  /// the inputs, which are copied. Constant time in contents, not in lengths, of the inputs. An empty batch is
  /// possible and can only be thrown away. Throws std::invalid_argument for more than kMaxBatch inputs, an
  /// input longer than kMaxInputBytes, or a key of another suite.
  [[nodiscard]] virtual std::unique_ptr<BlindingJob> begin_blinding(std::span<const ByteView> inputs,
                                                                    const PublicKey& key) const = 0;
  /// The same in one go.
  [[nodiscard]] BlindResult blind(std::span<const ByteView> inputs, RandomSource& random,
                                  const PublicKey& key) const;

  /// Server. Takes a request of `count` encodings apart. PeerMisbehaved "oprf.count" when `elements` is not
  /// count * SuiteSizes::element bytes or `count` is not 1..kMaxBatch, "oprf.element" naming the first
  /// encoding that is not canonical or is the identity. Decoding is shared out among `workers`.
  [[nodiscard]] virtual Result<std::unique_ptr<EvaluationJob>> decode_batch(ByteView elements,
                                                                            std::size_t count,
                                                                            Workers& workers) const = 0;
  /// The same on the calling thread.
  [[nodiscard]] Result<std::unique_ptr<EvaluationJob>> decode_batch(ByteView elements,
                                                                    std::size_t count) const {
    return decode_batch(elements, count, calling_thread());
  }

  /// Publisher. The PRF outputs of `inputs` with the key at hand, without blinding: out[i] is what a client
  /// would get for inputs[i]. Constant time in the key. To be called on slices. Throws std::invalid_argument
  /// when the spans differ in length, an input is longer than kMaxInputBytes, or the key is of another suite.
  virtual void evaluate_unblinded(const SecretKey& key, std::span<const ByteView> inputs,
                                  std::span<PrfOutput> out) const = 0;

 protected:
  /// The only makers of the types above, for the implementations of this class.
  /// @{
  [[nodiscard]] static PublicKey make_public_key(SuiteId suite, ByteView bytes);
  [[nodiscard]] static SecretKey make_secret_key(SuiteId suite, SecretBytes scalar);
  [[nodiscard]] static ClientBatch make_client_batch(std::unique_ptr<ClientBatch::State> state);
  /// @}

 private:
  friend class ClientBatch;
  /// ClientBatch::load() from the public key on; nothing when `reader` does not hold a saved batch of this
  /// suite.
  [[nodiscard]] virtual std::unique_ptr<ClientBatch::State> load_batch(ByteReader reader) const = 0;
};

/// The suite of that id or command-line name; nullptr when this build has none. The object lives for ever.
/// @{
[[nodiscard]] const Suite* find_suite(SuiteId id) noexcept;
[[nodiscard]] const Suite* find_suite_by_cli_name(std::string_view name) noexcept;
/// @}

}  // namespace blindbook::oprf
