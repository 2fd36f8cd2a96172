#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "blindbook/base/bytes.h"
#include "blindbook/base/constant_time.h"
#include "blindbook/base/domains.h"
#include "blindbook/base/random.h"
#include "blindbook/base/secret.h"
#include "blindbook/base/workers.h"
#include "blindbook/group/group.h"
#include "blindbook/oprf/context.h"

/// The batched proof of RFC 9497 section 2.2 that log_G(pk) = log_C[i](D[i]) for every i of a batch.
namespace blindbook::oprf {

/// What a proof is about: D[i] = k * C[i] for the k of the public key. Views; all spans equally
/// long, 1..kMaxBatch.
template <group::Group G>
struct DleqStatement {
  const typename G::EncodedElement& public_key;
  std::span<const typename G::Element> blinded;  // C
  std::span<const typename G::EncodedElement> blinded_encoded;
  std::span<const typename G::EncodedElement> evaluated_encoded;  // D
};

template <group::Group G>
class Dleq {
  using Scalar = typename G::Scalar;
  using Element = typename G::Element;
  using EncodedElement = typename G::EncodedElement;

 public:
  static constexpr std::size_t kProofBytes = 2 * G::kScalarBytes;
  using Proof = std::array<std::uint8_t, kProofBytes>;

  /// GenerateProof (section 2.2.1). Constant time in `secret` and the nonce. The nonce is hedged: it is
  /// hashed from the key, 64 bytes of `random` and the composites, so that neither a bad random source nor a
  /// repeated batch alone gives the key away. `workers` share what is public.
  [[nodiscard]] static Proof generate(const Context& context, const Scalar& secret,
                                      const DleqStatement<G>& statement, RandomSource& random,
                                      Workers& workers) {
    const Composites composites = composites_fast(context, secret, statement, workers);
    return prove(context, secret, statement, composites, hedged_nonce(secret, composites, random));
  }

  /// VerifyProof (section 2.2.2). `public_key` and `evaluated` are the elements whose encodings `statement`
  /// holds. False for a proof of another length or with a scalar that is not canonical. Everything here is
  /// public, so time is variable.
  [[nodiscard]] static bool verify(const Context& context, const Element& public_key,
                                   std::span<const Element> evaluated, const DleqStatement<G>& statement,
                                   ByteView proof) {
    if (proof.size() != kProofBytes) {
      return false;
    }
    const std::optional<Scalar> challenge = G::decode_scalar(proof.template first<G::kScalarBytes>());
    const std::optional<Scalar> response = G::decode_scalar(proof.template last<G::kScalarBytes>());
    if (!challenge || !response) {
      return false;
    }
    std::vector<Scalar> weights(statement.blinded.size());
    composite_weights(context, statement, 0, weights);
    const Element m = G::multi_scalar_multiply_vartime(weights, statement.blinded);
    const Element z = G::multi_scalar_multiply_vartime(weights, evaluated);
    // t2 = s*G + c*pk and t3 = s*M + c*Z: two multiplications side by side cost less than a sum of two.
    std::array<Element, 2> t{G::generator(), m};
    std::array<Element, 2> by_challenge{public_key, z};
    G::multiply_batch(*response, t, t);
    G::multiply_batch(*challenge, by_challenge, by_challenge);
    G::add_batch(t, by_challenge, t);
    // Whoever made the proof knows whether it verifies.
    return declassify(G::equal(*challenge, challenge_of(context, statement.public_key, {m, z, t[0], t[1]})));
  }

 private:
  /// The vectors of the RFC fix the nonce; only tests define this.
  friend struct DleqForTesting;

  /// A sum of fewer multiples costs more for each of them (Pippenger's buckets), of fewer still more than a thread saves.
  static constexpr std::size_t kFoldedPart = 256;

  struct Composites {
    Element m;
    Element z;
  };

  /// ComputeCompositesFast (section 2.2.1): the batch folded into one pair. The weights are public, and so is a part
  /// of their sum; k*M is not.
  static Composites composites_fast(const Context& context, const Scalar& secret,
                                    const DleqStatement<G>& statement, Workers& workers) {
    const Parts parts(statement.blinded.size(), kFoldedPart, workers);
    std::vector<Element> sums(parts.size());
    workers.share(parts.size(), [&](std::size_t part) {
      const std::size_t first = parts.first(part);
      std::vector<Scalar> weights(parts.first(part + 1) - first);
      composite_weights(context, statement, first, weights);
      sums[part] =
          G::multi_scalar_multiply_vartime(weights, statement.blinded.subspan(first, weights.size()));
    });
    Element m = sums.front();
    for (std::size_t part = 1; part < sums.size(); ++part) {
      G::add_batch(std::span(&m, 1), std::span(&sums[part], 1), std::span(&m, 1));
    }
    return {m, G::multiply(secret, m)};
  }

  /// The scalars d_i of ComputeComposites, hashes of the public key and the i-th pair, for as many i from `first` on as
  /// `weights` holds.
  static void composite_weights(const Context& context, const DleqStatement<G>& statement, std::size_t first,
                                std::span<Scalar> weights) {
    const ByteView seed_dst = context.seed_dst();
    const auto seed = SuiteHash<G>()
                          .update(i2osp2(G::kElementBytes))
                          .update(statement.public_key.view())
                          .update(i2osp2(seed_dst.size()))
                          .update(seed_dst)
                          .finish();
    const auto seed_length = i2osp2(seed.size());
    const auto element_length = i2osp2(G::kElementBytes);
    const std::size_t count = weights.size();
    constexpr std::string_view kLabel = "Composite";
    constexpr std::size_t kMessageBytes = 2 + sizeof seed + 2 + 2 * (2 + G::kElementBytes) + kLabel.size();
    Bytes messages;
    messages.reserve(count * kMessageBytes);
    std::vector<ByteView> views;
    views.reserve(count);
    const auto append = [&](ByteView part) { messages.insert(messages.end(), part.begin(), part.end()); };
    for (std::size_t i = 0; i < count; ++i) {
      append(seed_length);
      append(seed);
      append(i2osp2(first + i));
      append(element_length);
      append(statement.blinded_encoded[first + i].view());
      append(element_length);
      append(statement.evaluated_encoded[first + i].view());
      append(bytes_of(kLabel));
      views.push_back(ByteView(messages).subspan(i * kMessageBytes, kMessageBytes));
    }
    G::hash_to_scalar_batch(views, context.hash_to_scalar_dst(), weights);
  }

  /// r = HashToScalar(framed sk || framed 64 random bytes || framed M || framed Z), drawn again while zero.
  static Scalar hedged_nonce(const Scalar& secret, const Composites& composites, RandomSource& random) {
    Secret<G::kScalarBytes> key;
    G::encode_scalar(secret, key.expose_mutable());
    std::array<EncodedElement, 2> encoded;
    G::encode_batch(std::array{composites.m, composites.z}, encoded);
    const auto element_length = i2osp2(G::kElementBytes);
    Secret<64> fresh;
    while (true) {
      random.fill(fresh.expose_mutable());
      Scalar nonce =
          G::hash_to_scalar({i2osp2(G::kScalarBytes), key.expose(), i2osp2(fresh.kSize), fresh.expose(),
                             element_length, encoded[0].view(), element_length, encoded[1].view()},
                            bytes_of(domain::kDleqNonce));
      // As rare as a zero key: that it did not happen says nothing about the nonce.
      if (!declassify(G::is_zero(nonce))) {
        return nonce;
      }
    }
  }

  /// GenerateProof from t2 on: proof = c || s with s = r - c*k.
  static Proof prove(const Context& context, const Scalar& secret, const DleqStatement<G>& statement,
                     const Composites& composites, const Scalar& nonce) {
    Element t2 = G::identity();
    G::multiply_base_batch(std::span(&nonce, 1), std::span(&t2, 1));
    const Element t3 = G::multiply(nonce, composites.m);
    const Scalar challenge =
        challenge_of(context, statement.public_key, {composites.m, composites.z, t2, t3});
    const Scalar response = G::subtract(nonce, G::multiply(challenge, secret));
    Proof proof;
    G::encode_scalar(challenge, std::span(proof).template first<G::kScalarBytes>());
    G::encode_scalar(response, std::span(proof).template last<G::kScalarBytes>());
    return proof;
  }

  /// c of section 2.2.1 from {M, Z, t2, t3}.
  static Scalar challenge_of(const Context& context, const EncodedElement& public_key,
                             const std::array<Element, 4>& elements) {
    std::array<EncodedElement, 4> encoded;
    G::encode_batch(elements, encoded);
    const auto length = i2osp2(G::kElementBytes);
    return G::hash_to_scalar({length, public_key.view(), length, encoded[0].view(), length, encoded[1].view(),
                              length, encoded[2].view(), length, encoded[3].view(), bytes_of("Challenge")},
                             context.hash_to_scalar_dst());
  }
};

}  // namespace blindbook::oprf
