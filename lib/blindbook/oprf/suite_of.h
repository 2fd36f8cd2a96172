#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "blindbook/base/bytes.h"
#include "blindbook/base/constant_time.h"
#include "blindbook/base/dead_stack.h"
#include "blindbook/base/error.h"
#include "blindbook/base/random.h"
#include "blindbook/base/secret.h"
#include "blindbook/base/workers.h"
#include "blindbook/group/group.h"
#include "blindbook/oprf/client_batch.h"
#include "blindbook/oprf/context.h"
#include "blindbook/oprf/dleq.h"
#include "blindbook/oprf/evaluation_job.h"
#include "blindbook/oprf/keys.h"
#include "blindbook/oprf/oprf.h"
#include "blindbook/oprf/suite.h"
#include "blindbook/oprf/wire.h"

namespace blindbook::oprf {

/// The suite of RFC 9497 over the group G in VOPRF mode.
template <group::Group G>
class SuiteOf final : public Suite {
  using Scalar = typename G::Scalar;
  using Element = typename G::Element;
  using EncodedElement = typename G::EncodedElement;

 public:
  /// `name` and `cli_name` live as long as the program.
  SuiteOf(SuiteId id, std::string_view name, std::string_view cli_name)
      : id_(id), name_(name), cli_name_(cli_name), context_(Mode::kVoprf, name) {}

  [[nodiscard]] SuiteId id() const noexcept override { return id_; }
  [[nodiscard]] std::string_view name() const noexcept override { return name_; }
  [[nodiscard]] std::string_view cli_name() const noexcept override { return cli_name_; }
  [[nodiscard]] SuiteSizes sizes() const noexcept override {
    return {.element = G::kElementBytes,
            .scalar = G::kScalarBytes,
            .proof = Dleq<G>::kProofBytes,
            .output = SuiteHash<G>::kDigestBytes};
  }

  [[nodiscard]] Result<KeyPair> derive_key_pair(const Secret<32>& seed, ByteView info) const override {
    if (info.size() > kMaxInputBytes) {
      return bad_input("oprf.key-info", "the key info is longer than 65535 bytes");
    }
    return leave_no_stack([&]() -> Result<KeyPair> {
      const std::optional<Scalar> secret = oprf::derive_key_pair<G>(context_, seed.expose(), info);
      if (!secret) {
        return unavailable("oprf.derive-key", "no key comes out of this seed");
      }
      return pair_of(*secret);
    });
  }

  [[nodiscard]] Result<PublicKey> decode_public_key(ByteView bytes) const override {
    if (bytes.size() != G::kElementBytes ||
        !G::decode(EncodedElement(bytes.template first<G::kElementBytes>()))) {
      return peer_misbehaved("oprf.public-key", "the public key is not a canonical element of the group");
    }
    return make_public_key(id_, bytes);
  }

  [[nodiscard]] Result<KeyPair> decode_secret_key(ByteView bytes) const override {
    return leave_no_stack([&]() -> Result<KeyPair> {
      std::optional<Scalar> secret;
      if (bytes.size() == G::kScalarBytes) {
        secret = G::decode_scalar(bytes.template first<G::kScalarBytes>());
      }
      // Whether a key file holds a key is no secret.
      if (!secret || declassify(G::is_zero(*secret))) {
        return bad_input("oprf.secret-key", "the secret key is not a canonical scalar other than zero");
      }
      return pair_of(*secret);
    });
  }

  [[nodiscard]] std::unique_ptr<BlindingJob> begin_blinding(std::span<const ByteView> inputs,
                                                            const PublicKey& key) const override {
    if (inputs.size() > kMaxBatch || key.suite() != id_) {
      throw std::invalid_argument("oprf: too many inputs for one batch or a public key of another suite");
    }
    refuse_long(inputs);
    return std::make_unique<BlindingOf>(context_, inputs, key);
  }

  [[nodiscard]] Result<std::unique_ptr<EvaluationJob>> decode_batch(ByteView elements, std::size_t count,
                                                                    Workers& workers) const override {
    if (count == 0 || count > kMaxBatch || elements.size() != count * G::kElementBytes) {
      return peer_misbehaved("oprf.count", "the request does not have the length its count asks for");
    }
    std::vector<EncodedElement> encoded = split_elements<G>(elements);
    std::vector<Element> decoded(count);
    const Parts parts(count, kDecodedPart, workers);
    std::vector<std::optional<std::size_t>> bad(parts.size());
    workers.share(parts.size(), [&](std::size_t part) {
      const std::size_t first = parts.first(part);
      const std::size_t size = parts.first(part + 1) - first;
      bad[part] =
          G::decode_batch(std::span(encoded).subspan(first, size), std::span(decoded).subspan(first, size));
    });
    for (std::size_t part = 0; part < parts.size(); ++part) {
      if (bad[part]) {
        return peer_misbehaved("oprf.element", bad_element_clause(parts.first(part) + *bad[part]));
      }
    }
    return std::make_unique<JobOf<G>>(context_, id_, std::move(decoded), std::move(encoded));
  }

  void evaluate_unblinded(const SecretKey& key, std::span<const ByteView> inputs,
                          std::span<PrfOutput> out) const override {
    if (inputs.size() != out.size()) {
      throw std::invalid_argument("oprf: as many outputs as inputs are needed");
    }
    refuse_long(inputs);
    leave_no_stack([&] {
      const Scalar secret = scalar_of<G>(key, id_);
      for (std::size_t at = 0; at < inputs.size(); at += kUnblindedSlice) {
        const std::size_t size = std::min(kUnblindedSlice, inputs.size() - at);
        oprf::evaluate_unblinded<G>(context_, secret, inputs.subspan(at, size), out.subspan(at, size));
      }
    });
  }

 private:
  class BlindingOf final : public BlindingJob {
   public:
    BlindingOf(const Context& context, std::span<const ByteView> inputs, const PublicKey& key)
        : context_(context), key_(key), blinded_(inputs.size()), encoded_(inputs.size()) {
      secrets_.inputs.reserve(inputs.size());
      for (const ByteView input : inputs) {
        secrets_.inputs.emplace_back(input);
      }
      secrets_.masks.resize(inputs.size());
    }

    [[nodiscard]] std::size_t count() const noexcept override { return blinded_.size(); }
    [[nodiscard]] std::size_t done() const noexcept override { return done_; }

    void step(std::size_t max_inputs, RandomSource& random) override {
      const std::size_t size = std::min(max_inputs, count() - done_);
      leave_no_stack([&] {
        const std::vector<ByteView> inputs = secrets_.input_views(done_, size);
        blind_additively<G>(context_, inputs, random, std::span(secrets_.masks).subspan(done_, size),
                            std::span(blinded_).subspan(done_, size),
                            std::span(encoded_).subspan(done_, size));
      });
      done_ += size;
    }

    [[nodiscard]] Result<BlindResult> finish() && override {
      if (done_ < count()) {
        return api_misuse("oprf.not-blinded", "the batch is not wholly blinded yet");
      }
      auto state = std::make_unique<ClientState<G>>(context_, key_, std::move(secrets_), std::move(blinded_),
                                                    std::move(encoded_));
      const ByteView elements = state->elements();
      Bytes message(elements.begin(), elements.end());
      return BlindResult{.batch = make_client_batch(std::move(state)), .elements = std::move(message)};
    }

   private:
    const Context& context_;
    PublicKey key_;
    MaskedInputs<G> secrets_;
    std::vector<Element> blinded_;
    std::vector<EncodedElement> encoded_;
    std::size_t done_ = 0;
  };

  /// Long enough to share the inversion of an encoding, short enough that the points stay in the L2 cache.
  static constexpr std::size_t kUnblindedSlice = 512;

  /// Decoding that many elements outweighs waking a thread for them.
  static constexpr std::size_t kDecodedPart = 128;

  static void refuse_long(std::span<const ByteView> inputs) {
    if (std::ranges::any_of(inputs, [](ByteView input) { return input.size() > kMaxInputBytes; })) {
      throw std::invalid_argument("oprf: an input is longer than 65535 bytes");
    }
  }

  [[nodiscard]] KeyPair pair_of(const Scalar& secret) const {
    SecretBytes bytes(G::kScalarBytes);
    G::encode_scalar(secret, bytes.expose_mutable().template first<G::kScalarBytes>());
    const EncodedElement public_key = G::encode(public_key_of<G>(secret));
    declassify(&public_key, sizeof public_key);  // it is announced
    return {.secret = make_secret_key(id_, std::move(bytes)),
            .public_key = make_public_key(id_, public_key.view())};
  }

  [[nodiscard]] std::unique_ptr<ClientBatch::State> load_batch(ByteReader reader) const override {
    const Result<PublicKey> key = decode_public_key(reader.raw(G::kElementBytes));
    if (!key) {
      return nullptr;
    }
    return leave_no_stack([&] { return ClientState<G>::load(context_, *key, reader); });
  }

  SuiteId id_;
  std::string_view name_;
  std::string_view cli_name_;
  Context context_;
};

}  // namespace blindbook::oprf
