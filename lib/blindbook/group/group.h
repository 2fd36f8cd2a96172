#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

#include "blindbook/base/bytes.h"
#include "blindbook/hash/sha2.h"

namespace blindbook::group {

/// A prime-order group as RFC 9497 section 2.1 wants it, with batch operations. What each operation does is
/// written at Ristretto255 in ristretto255.h; no user of a Group may assume sizes other than these constants.
template <class G>
concept Group = requires(const typename G::Scalar& k, const typename G::Element& p,
                         const typename G::EncodedElement& encoded, std::span<const typename G::Scalar> ks,
                         std::span<const typename G::Element> ps, std::span<typename G::Element> out,
                         std::span<typename G::Scalar> scalars_out,
                         std::span<const typename G::EncodedElement> encodings,
                         std::span<typename G::EncodedElement> encodings_out,
                         std::span<typename G::Digest> digests,
                         std::span<const std::uint8_t, G::kUniformScalarBytes> uniform,
                         std::span<const std::uint8_t, G::kScalarBytes> scalar_bytes,
                         std::span<std::uint8_t, G::kScalarBytes> scalar_out, std::span<const ByteView> msgs,
                         std::initializer_list<ByteView> msg, ByteView bytes,
                         const typename G::FixedBase& fixed) {
  { G::kName } -> std::convertible_to<std::string_view>;
  { G::kElementBytes } -> std::convertible_to<std::size_t>;
  { G::kHash } -> std::convertible_to<hash::HashId>;
  requires std::same_as<typename G::Digest, std::array<std::uint8_t, hash::digest_bytes(G::kHash)>>;
  requires G::EncodedElement::kSize == G::kElementBytes;
  requires std::is_trivially_copyable_v<typename G::Element>;
  requires std::movable<typename G::Scalar> && !std::copyable<typename G::Scalar>;

  { G::hash_batch(msgs, digests) } -> std::same_as<void>;

  { G::scalar_from_uniform(uniform) } -> std::same_as<typename G::Scalar>;
  { G::hash_to_scalar(msg, bytes) } -> std::same_as<typename G::Scalar>;
  { G::hash_to_scalar_batch(msgs, bytes, scalars_out) } -> std::same_as<void>;
  { G::decode_scalar(scalar_bytes) } -> std::same_as<std::optional<typename G::Scalar>>;
  { G::encode_scalar(k, scalar_out) } -> std::same_as<void>;
  { G::add(k, k) } -> std::same_as<typename G::Scalar>;
  { G::subtract(k, k) } -> std::same_as<typename G::Scalar>;
  { G::multiply(k, k) } -> std::same_as<typename G::Scalar>;
  { G::negate(k) } -> std::same_as<typename G::Scalar>;
  { G::invert(k) } -> std::same_as<typename G::Scalar>;
  { G::is_zero(k) } -> std::same_as<bool>;
  { k.duplicate() } -> std::same_as<typename G::Scalar>;

  { G::generator() } -> std::convertible_to<typename G::Element>;
  { G::identity() } -> std::same_as<typename G::Element>;
  { G::equal(p, p) } -> std::same_as<bool>;
  { G::is_identity(p) } -> std::same_as<bool>;
  { G::decode(encoded) } -> std::same_as<std::optional<typename G::Element>>;
  { G::encode(p) } -> std::same_as<typename G::EncodedElement>;
  { G::multiply(k, p) } -> std::same_as<typename G::Element>;
  { G::hash_to_group(bytes, bytes) } -> std::same_as<typename G::Element>;
  { G::wipe(out) } -> std::same_as<void>;

  { G::decode_batch(encodings, out) } -> std::same_as<std::optional<std::size_t>>;
  { G::encode_batch(ps, encodings_out) } -> std::same_as<void>;
  { G::hash_to_group_batch(msgs, bytes, out) } -> std::same_as<void>;
  { G::multiply_batch(k, ps, out) } -> std::same_as<void>;
  { G::multiply_encode_batch(k, ps, encodings_out) } -> std::same_as<void>;
  { G::multiply_base_batch(ks, out) } -> std::same_as<void>;
  { G::add_batch(ps, ps, out) } -> std::same_as<void>;
  { G::subtract_batch(ps, ps, out) } -> std::same_as<void>;
  { G::multi_scalar_multiply_vartime(ks, ps) } -> std::same_as<typename G::Element>;
  requires std::constructible_from<typename G::FixedBase, const typename G::Element&>;
  { fixed.multiply_batch(ks, out) } -> std::same_as<void>;
};

}  // namespace blindbook::group
