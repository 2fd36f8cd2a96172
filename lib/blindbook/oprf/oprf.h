#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "blindbook/base/bytes.h"
#include "blindbook/base/constant_time.h"
#include "blindbook/base/random.h"
#include "blindbook/base/secret.h"
#include "blindbook/group/group.h"
#include "blindbook/oprf/context.h"
#include "blindbook/oprf/secret_array.h"

/// The text of RFC 9497 sections 3.2 and 3.3 over any group, batch by batch, with additive blinding in place
/// of the RFC's: B = HashToGroup(x) + r*G, unblinded as Z - r*K. The wire and the outputs are the same. Every
/// function is constant time in scalars and in the contents of inputs. Lengths (kMaxBatch, kMaxInputBytes,
/// equal spans) are the caller's to check: suite.h is the interface that does.
namespace blindbook::oprf {

/// A uniformly random scalar, zero included.
template <group::Group G>
[[nodiscard]] typename G::Scalar random_scalar(RandomSource& random) {
  Secret<G::kUniformScalarBytes> uniform;
  random.fill(uniform.expose_mutable());
  return G::scalar_from_uniform(uniform.expose());
}

/// Fills `out` with scalars as random_scalar() draws them, from the same stream. A system's source takes longer to
/// start than to give: one call for each scalar took as long as half of the blinding.
template <group::Group G>
void random_scalars(RandomSource& random, std::span<typename G::Scalar> out) {
  constexpr std::size_t kAtOnce = 256;
  SecretBytes uniform(std::min(out.size(), kAtOnce) * G::kUniformScalarBytes);
  for (std::size_t at = 0; at < out.size(); at += kAtOnce) {
    const auto slice = out.subspan(at, std::min(kAtOnce, out.size() - at));
    random.fill(uniform.expose_mutable().first(slice.size() * G::kUniformScalarBytes));
    for (std::size_t i = 0; i < slice.size(); ++i) {
      slice[i] = G::scalar_from_uniform(
          uniform.expose().subspan(i * G::kUniformScalarBytes).template first<G::kUniformScalarBytes>());
    }
  }
}

/// The secret key of DeriveKeyPair (section 3.2.1), never zero; nothing when all 256 candidates are zero.
template <group::Group G>
[[nodiscard]] std::optional<typename G::Scalar> derive_key_pair(const Context& context, ByteView seed,
                                                                ByteView info) {
  const auto info_length = i2osp2(info.size());
  for (unsigned counter = 0; counter <= 255; ++counter) {
    const std::array<std::uint8_t, 1> counter_byte{static_cast<std::uint8_t>(counter)};
    typename G::Scalar secret =
        G::hash_to_scalar({seed, info_length, info, counter_byte}, context.derive_key_pair_dst());
    // Zero has a chance of 2^-252: that a key is not zero says nothing about it.
    if (!declassify(G::is_zero(secret))) {
      return secret;
    }
  }
  return std::nullopt;
}

/// secret * G.
template <group::Group G>
[[nodiscard]] typename G::Element public_key_of(const typename G::Scalar& secret) {
  typename G::Element out = G::identity();
  G::multiply_base_batch(std::span(&secret, 1), std::span(&out, 1));
  return out;
}

/// out[i] = HashToGroup(inputs[i]) + masks[i]*G.
template <group::Group G>
void blind_with_masks(const Context& context, std::span<const ByteView> inputs,
                      std::span<const typename G::Scalar> masks, std::span<typename G::Element> out) {
  SecretArray<typename G::Element> hashed(inputs.size());
  SecretArray<typename G::Element> shifts(inputs.size());
  G::hash_to_group_batch(inputs, context.hash_to_group_dst(), hashed.expose_mutable());
  G::multiply_base_batch(masks, shifts.expose_mutable());
  G::add_batch(hashed.expose(), shifts.expose(), out);
}

/// The encodings of blinded elements. They are sent; the elements themselves stay secret, because their coordinates
/// say more than an encoding does.
template <group::Group G>
void encode_blinded(std::span<const typename G::Element> blinded, std::span<typename G::EncodedElement> out) {
  G::encode_batch(blinded, out);
  declassify(out.data(), out.size_bytes());
}

/// Blinds every input with a mask of its own: fills `masks`, `out` and `encoded`, all as long as `inputs`. A mask
/// that would put the identity on the wire, which no peer accepts, is drawn again.
template <group::Group G>
void blind_additively(const Context& context, std::span<const ByteView> inputs, RandomSource& random,
                      std::span<typename G::Scalar> masks, std::span<typename G::Element> out,
                      std::span<typename G::EncodedElement> encoded) {
  random_scalars<G>(random, masks);
  blind_with_masks<G>(context, inputs, masks, out);
  encode_blinded<G>(out, encoded);
  const typename G::EncodedElement identity = G::encode(G::identity());
  for (std::size_t i = 0; i < out.size(); ++i) {
    while (encoded[i] == identity) {
      masks[i] = random_scalar<G>(random);
      blind_with_masks<G>(context, inputs.subspan(i, 1), masks.subspan(i, 1), out.subspan(i, 1));
      encode_blinded<G>(out.subspan(i, 1), encoded.subspan(i, 1));
    }
  }
}

/// out[i] = evaluated[i] - masks[i]*K = k*HashToGroup(x[i]). Right exactly when a proof has shown that
/// evaluated[i] = k*B[i] for the k of this same `public_key`.
template <group::Group G>
void unblind_additively(std::span<const typename G::Element> evaluated,
                        std::span<const typename G::Scalar> masks, const typename G::Element& public_key,
                        std::span<typename G::Element> out) {
  SecretArray<typename G::Element> shifts(evaluated.size());
  const typename G::FixedBase base(public_key);
  base.multiply_batch(masks, shifts.expose_mutable());
  G::subtract_batch(evaluated, shifts.expose(), out);
}

/// The hash at the end of Finalize and Evaluate (section 3.3.1): out[i] = the PRF output of inputs[i], whose
/// unblinded element is encoded in elements[i].
template <group::Group G>
void finalize(std::span<const ByteView> inputs, std::span<const typename G::EncodedElement> elements,
              std::span<SecretBytes> out) {
  const ByteView label = bytes_of("Finalize");
  const std::size_t around = 2 + 2 + G::kElementBytes + label.size();
  std::size_t size = inputs.size() * around;
  for (const ByteView input : inputs) {
    size += input.size();
  }
  ByteWriter writer;
  writer.reserve(size);  // exact, so that growth leaves no unwiped copy behind
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    writer.framed16(inputs[i]).framed16(elements[i].view()).raw(label);
  }
  const SecretBytes messages = SecretBytes::adopt(std::move(writer).take());
  std::vector<ByteView> views;
  views.reserve(inputs.size());
  std::size_t at = 0;
  for (const ByteView input : inputs) {
    views.push_back(messages.expose().subspan(at, around + input.size()));
    at += views.back().size();
  }
  SecretArray<typename G::Digest> digests(inputs.size());
  G::hash_batch(views, digests.expose_mutable());
  std::ranges::transform(digests.expose(), out.begin(),
                         [](const typename G::Digest& digest) { return SecretBytes(ByteView(digest)); });
}

/// The PRF outputs of `inputs` under the key itself (Evaluate of section 3.3.1), without blinding.
template <group::Group G>
void evaluate_unblinded(const Context& context, const typename G::Scalar& secret,
                        std::span<const ByteView> inputs, std::span<SecretBytes> out) {
  SecretArray<typename G::Element> hashed(inputs.size());
  SecretArray<typename G::EncodedElement> evaluated(inputs.size());
  G::hash_to_group_batch(inputs, context.hash_to_group_dst(), hashed.expose_mutable());
  G::multiply_encode_batch(secret, hashed.expose(), evaluated.expose_mutable());
  finalize<G>(inputs, evaluated.expose(), out);
}

}  // namespace blindbook::oprf
