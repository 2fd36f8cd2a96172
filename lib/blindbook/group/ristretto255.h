#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "blindbook/base/bytes.h"
#include "blindbook/base/strong.h"
#include "blindbook/group/kernel/extended_point.h"
#include "blindbook/hash/sha2.h"

namespace blindbook::group {

/// ristretto255 (RFC 9496), the prime-order group of l = 2^252 + 27742317777372353535851937790883648493
/// elements, with the hash functions of RFC 9497 section 4.1. Models the concept Group of group.h.
///
/// All functions are static, without state and safe from several threads; batch functions may be called on
/// slices. Everything is constant time in scalars, elements and hashed messages (their lengths excepted),
/// unless the name ends in `_vartime`; whether an encoding decodes is public. Batch functions throw
/// std::invalid_argument when the sizes of their spans differ, which only a wrong program can cause. Input
/// and output spans may be the same span, but must not overlap in any other way. The arithmetic runs on the
/// kernel chosen by cpu/kernel_choice.h.
struct Ristretto255 {
  static constexpr std::string_view kName = "ristretto255";
  static constexpr std::size_t kElementBytes = 32;
  static constexpr std::size_t kScalarBytes = 32;
  /// Random bytes that one uniform scalar takes: twice the size, so that the bias of the reduction is below
  /// 2^-250.
  static constexpr std::size_t kUniformScalarBytes = 64;
  static constexpr hash::HashId kHash = hash::HashId::kSha512;

  using Digest = hash::Sha512::Digest;

  /// What travels; nothing is known about it until decode() accepted it.
  using EncodedElement = StrongBytes<struct Ristretto255ElementTag, kElementBytes>;

  /// An integer modulo l. Secret: wiped on destruction and on move, not printable, copied by duplicate()
  /// only.
  class Scalar {
   public:
    /// Zero.
    Scalar() noexcept = default;
    ~Scalar();
    Scalar(const Scalar&) = delete;
    Scalar& operator=(const Scalar&) = delete;
    Scalar(Scalar&& other) noexcept;
    Scalar& operator=(Scalar&& other) noexcept;
    /// A second holder of the same secret.
    [[nodiscard]] Scalar duplicate() const noexcept { return Scalar(limbs_); }

   private:
    friend struct Ristretto255;
    using Limbs = std::array<std::uint64_t, 4>;  // least significant first, always < l
    explicit Scalar(const Limbs& limbs) noexcept : limbs_(limbs) {}
    Limbs limbs_{};
  };

  /// An element of the group, the identity included. A plain value; may hold something secret, then wipe()
  /// it.
  class Element {
   public:
    /// The identity.
    constexpr Element() noexcept : point_{{0}, {1}, {1}, {0}} {}

   private:
    friend struct Ristretto255;
    kernel::ExtendedPoint point_;
  };

  /// Multiples of one public element, made ready for many constant-time multiplications by it. Creation costs
  /// about as much as eight multiplications and about 100 KiB. Immutable, so safe from several threads;
  /// copies share the table.
  class FixedBase {
   public:
    explicit FixedBase(const Element& base);
    /// out[i] = k[i] * base.
    void multiply_batch(std::span<const Scalar> k, std::span<Element> out) const;

   private:
    struct Table;
    std::shared_ptr<const Table> table_;
  };

  /// The hash of the suite: out[i] = SHA-512 of msgs[i].
  static void hash_batch(std::span<const ByteView> msgs, std::span<Digest> out);

  // Scalars. All constant time.

  /// The little-endian integer `bytes` modulo l: uniform when the bytes are.
  [[nodiscard]] static Scalar scalar_from_uniform(
      std::span<const std::uint8_t, kUniformScalarBytes> bytes) noexcept;
  /// RFC 9497 HashToScalar: 64 bytes of expand_message_xmd with SHA-512 modulo l.
  [[nodiscard]] static Scalar hash_to_scalar(std::initializer_list<ByteView> msg, ByteView dst);
  /// hash_to_scalar() of each message.
  static void hash_to_scalar_batch(std::span<const ByteView> msgs, ByteView dst, std::span<Scalar> out);
  [[nodiscard]] static Scalar scalar_from_integer(std::uint64_t value) noexcept;
  /// RFC 9497 DeserializeScalar: 32 bytes, little-endian, below l; nothing otherwise.
  [[nodiscard]] static std::optional<Scalar> decode_scalar(
      std::span<const std::uint8_t, kScalarBytes> bytes) noexcept;
  static void encode_scalar(const Scalar& scalar, std::span<std::uint8_t, kScalarBytes> out) noexcept;
  [[nodiscard]] static Scalar add(const Scalar& a, const Scalar& b) noexcept;
  [[nodiscard]] static Scalar subtract(const Scalar& a, const Scalar& b) noexcept;
  [[nodiscard]] static Scalar multiply(const Scalar& a, const Scalar& b) noexcept;
  [[nodiscard]] static Scalar negate(const Scalar& a) noexcept;
  /// 1/a; zero for zero.
  [[nodiscard]] static Scalar invert(const Scalar& a) noexcept;
  [[nodiscard]] static bool is_zero(const Scalar& a) noexcept;
  [[nodiscard]] static bool equal(const Scalar& a, const Scalar& b) noexcept;

  // Single elements.

  [[nodiscard]] static const Element& generator() noexcept;
  [[nodiscard]] static Element identity() noexcept { return {}; }
  [[nodiscard]] static bool equal(const Element& a, const Element& b);
  [[nodiscard]] static bool is_identity(const Element& a);
  /// RFC 9496 section 4.3.1, and RFC 9497's demand: nothing for a non-canonical or invalid encoding or the
  /// identity.
  [[nodiscard]] static std::optional<Element> decode(const EncodedElement& encoded);
  /// RFC 9496 section 4.3.2. The identity is 32 zero bytes, which decode() rejects.
  [[nodiscard]] static EncodedElement encode(const Element& element);
  [[nodiscard]] static Element multiply(const Scalar& k, const Element& element);
  /// RFC 9497 HashToGroup: the 64-byte map of RFC 9496 section 4.3.4 on expand_message_xmd with SHA-512.
  [[nodiscard]] static Element hash_to_group(ByteView msg, ByteView dst);
  static void wipe(std::span<Element> elements) noexcept;

  // Batches.

  /// Decodes all; returns the index of the first encoding that decode() would reject, or nothing when all are
  /// good. `out` is unspecified when one is bad. How long it takes does not depend on which are bad.
  [[nodiscard]] static std::optional<std::size_t> decode_batch(std::span<const EncodedElement> encoded,
                                                               std::span<Element> out);
  static void encode_batch(std::span<const Element> elements, std::span<EncodedElement> out);
  static void hash_to_group_batch(std::span<const ByteView> msgs, ByteView dst, std::span<Element> out);
  /// out[i] = k * elements[i].
  static void multiply_batch(const Scalar& k, std::span<const Element> elements, std::span<Element> out);
  /// out[i] = encode(k * elements[i]), cheaper than the two steps: it shares one inversion in the batch.
  static void multiply_encode_batch(const Scalar& k, std::span<const Element> elements,
                                    std::span<EncodedElement> out);
  /// out[i] = k[i] * generator.
  static void multiply_base_batch(std::span<const Scalar> k, std::span<Element> out);
  static void add_batch(std::span<const Element> a, std::span<const Element> b, std::span<Element> out);
  static void subtract_batch(std::span<const Element> a, std::span<const Element> b, std::span<Element> out);
  /// The sum of k[i] * elements[i]; the identity for none. For public data only: time depends on all values.
  [[nodiscard]] static Element multi_scalar_multiply_vartime(std::span<const Scalar> k,
                                                             std::span<const Element> elements);

 private:
  static const FixedBase& base_table();
};

}  // namespace blindbook::group
