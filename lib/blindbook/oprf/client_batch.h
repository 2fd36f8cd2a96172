#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "blindbook/base/bytes.h"
#include "blindbook/base/dead_stack.h"
#include "blindbook/base/error.h"
#include "blindbook/base/random.h"
#include "blindbook/base/secret.h"
#include "blindbook/group/group.h"
#include "blindbook/oprf/batch_state.h"
#include "blindbook/oprf/context.h"
#include "blindbook/oprf/dleq.h"
#include "blindbook/oprf/keys.h"
#include "blindbook/oprf/oprf.h"
#include "blindbook/oprf/wire.h"

/// The client's side of a batch over the group G: VerifiedBatch and ClientBatch of suite.h.
namespace blindbook::oprf {

/// What goes into Finalize: one mask for each input. Wiped on destruction.
template <group::Group G>
struct MaskedInputs {
  std::vector<SecretBytes> inputs;
  std::vector<typename G::Scalar> masks;

  /// Views of inputs [first, first + count).
  [[nodiscard]] std::vector<ByteView> input_views(std::size_t first, std::size_t count) const {
    std::vector<ByteView> out;
    out.reserve(count);
    for (std::size_t i = first; i < first + count; ++i) {
      out.push_back(inputs[i].expose());
    }
    return out;
  }
};

template <group::Group G>
class VerifiedState final : public VerifiedBatch::State {
 public:
  VerifiedState(MaskedInputs<G> secrets, std::vector<typename G::Element> evaluated,
                const typename G::Element& key)
      : secrets_(std::move(secrets)), evaluated_(std::move(evaluated)), key_(key) {}

  [[nodiscard]] std::vector<PrfOutput> finalize() const override {
    return leave_no_stack([&] { return outputs(); });
  }

 private:
  [[nodiscard]] std::vector<PrfOutput> outputs() const {
    const std::size_t count = evaluated_.size();
    SecretArray<typename G::Element> unblinded(count);
    SecretArray<typename G::EncodedElement> encoded(count);
    unblind_additively<G>(evaluated_, secrets_.masks, key_, unblinded.expose_mutable());
    G::encode_batch(unblinded.expose(), encoded.expose_mutable());
    std::vector<PrfOutput> out(count);
    oprf::finalize<G>(secrets_.input_views(0, count), encoded.expose(), out);
    return out;
  }

  MaskedInputs<G> secrets_;
  std::vector<typename G::Element> evaluated_;
  typename G::Element key_;
};

template <group::Group G>
class ClientState final : public ClientBatch::State {
  using Scalar = typename G::Scalar;
  using Element = typename G::Element;
  using EncodedElement = typename G::EncodedElement;

 public:
  /// From what save() wrote behind the public key. Nothing when it is not that, or when inputs, masks and
  /// blinded elements do not belong together.
  static std::unique_ptr<ClientState> load(const Context& context, const PublicKey& key, ByteReader reader) {
    const std::size_t count = reader.u16();
    // Every input costs at least its length, a mask and an element: checked before anything is allocated.
    if (reader.rest().size() / kSavedInputBytes < count) {
      return nullptr;
    }
    MaskedInputs<G> secrets;
    secrets.inputs.reserve(count);
    secrets.masks.reserve(count);
    std::vector<EncodedElement> saved;
    saved.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
      secrets.inputs.emplace_back(reader.framed16());
      const ByteView mask_bytes = reader.raw(G::kScalarBytes);
      const ByteView element = reader.raw(G::kElementBytes);
      if (reader.failed()) {
        return nullptr;
      }
      std::optional<Scalar> mask = G::decode_scalar(mask_bytes.template first<G::kScalarBytes>());
      if (!mask) {
        return nullptr;
      }
      secrets.masks.push_back(std::move(*mask));
      saved.emplace_back(element.template first<G::kElementBytes>());
    }
    if (!reader.finished()) {
      return nullptr;
    }
    std::vector<Element> blinded(count);
    blind_with_masks<G>(context, secrets.input_views(0, count), secrets.masks, blinded);
    std::vector<EncodedElement> encoded(count);
    encode_blinded<G>(blinded, encoded);
    if (encoded != saved) {
      return nullptr;
    }
    return std::make_unique<ClientState>(context, key, std::move(secrets), std::move(blinded),
                                         std::move(encoded));
  }

  /// `context` outlives the object; `blinded` belongs to `secrets`, and `encoded` are its encodings.
  ClientState(const Context& context, PublicKey key, MaskedInputs<G> secrets, std::vector<Element> blinded,
              std::vector<EncodedElement> encoded)
      : context_(context),
        key_(std::move(key)),
        secrets_(std::move(secrets)),
        blinded_(std::move(blinded)),
        encoded_(std::move(encoded)),
        elements_(join_elements<G>(encoded_)) {}

  [[nodiscard]] std::size_t count() const noexcept override { return blinded_.size(); }
  [[nodiscard]] ByteView elements() const noexcept override { return elements_; }

  [[nodiscard]] SecretBytes save() const override {
    return leave_no_stack([&] { return encode(); });
  }

  [[nodiscard]] Result<std::unique_ptr<VerifiedBatch::State>>
      verify(ByteView evaluated_elements, ByteView proof) && override {
    if (count() == 0 || evaluated_elements.size() != count() * G::kElementBytes ||
        proof.size() != Dleq<G>::kProofBytes) {
      return peer_misbehaved("oprf.count", "the answer does not have the length of the request");
    }
    const std::vector<EncodedElement> encoded = split_elements<G>(evaluated_elements);
    std::vector<Element> evaluated(count());
    if (const auto bad = G::decode_batch(encoded, evaluated)) {
      return peer_misbehaved("oprf.element", bad_element_clause(*bad));
    }
    const EncodedElement key_bytes(key_.bytes().template first<G::kElementBytes>());
    const std::optional<Element> key = G::decode(key_bytes);
    const DleqStatement<G> statement{key_bytes, blinded_, encoded_, encoded};
    if (!key || !Dleq<G>::verify(context_, *key, evaluated, statement, proof)) {
      return peer_misbehaved("oprf.proof", "the proof of the evaluation does not verify");
    }
    return std::make_unique<VerifiedState<G>>(std::move(secrets_), std::move(evaluated), *key);
  }

 private:
  static constexpr std::size_t kSavedInputBytes = 2 + G::kScalarBytes + G::kElementBytes;

  /// What save() writes.
  [[nodiscard]] SecretBytes encode() const {
    std::size_t size = 2 + G::kElementBytes + 2 + count() * kSavedInputBytes;
    for (const SecretBytes& input : secrets_.inputs) {
      size += input.size();
    }
    ByteWriter out;
    out.reserve(size);  // exact, so that growth leaves no unwiped copy behind
    out.u8(kSavedBatchVersion).u8(static_cast<std::uint8_t>(key_.suite())).raw(key_.bytes());
    out.u16(static_cast<std::uint16_t>(count()));
    Secret<G::kScalarBytes> mask;
    for (std::size_t i = 0; i < count(); ++i) {
      G::encode_scalar(secrets_.masks[i], mask.expose_mutable());
      out.framed16(secrets_.inputs[i].expose()).raw(mask.expose()).raw(encoded_[i].view());
    }
    return SecretBytes::adopt(std::move(out).take());
  }

  const Context& context_;
  PublicKey key_;
  MaskedInputs<G> secrets_;
  std::vector<Element> blinded_;
  std::vector<EncodedElement> encoded_;
  Bytes elements_;
};

}  // namespace blindbook::oprf
