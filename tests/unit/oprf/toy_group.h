#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "blindbook/base/bytes.h"
#include "blindbook/base/strong.h"
#include "blindbook/group/group.h"
#include "blindbook/hash/expand_message.h"
#include "blindbook/hash/sha2.h"

namespace blindbook::oprf::test {

/// The integers modulo 13 under addition: a Group so small that the events a real group never shows (a zero
/// candidate, an identity on the wire) happen every few tries, and with sizes unlike those of a real suite.
/// The generator is 1. Offers no security whatever.
struct ToyGroup {
  static constexpr unsigned kOrder = 13;
  static constexpr std::string_view kName = "toy";
  static constexpr std::size_t kElementBytes = 3;
  static constexpr std::size_t kScalarBytes = 2;
  static constexpr std::size_t kUniformScalarBytes = 5;
  static constexpr hash::HashId kHash = hash::HashId::kSha256;

  using Digest = hash::Sha256::Digest;
  using EncodedElement = StrongBytes<struct ToyElementTag, kElementBytes>;

  class Scalar {
   public:
    Scalar() = default;
    explicit Scalar(unsigned n) : value(n % kOrder) {}
    Scalar(const Scalar&) = delete;
    Scalar& operator=(const Scalar&) = delete;
    Scalar(Scalar&& other) noexcept : value(std::exchange(other.value, 0)) {}
    Scalar& operator=(Scalar&& other) noexcept {
      value = std::exchange(other.value, 0);
      return *this;
    }
    [[nodiscard]] Scalar duplicate() const { return Scalar(value); }
    unsigned value = 0;
  };

  struct Element {
    unsigned value = 0;
  };

  class FixedBase {
   public:
    explicit FixedBase(const Element& base) : base_(base) {}
    void multiply_batch(std::span<const Scalar> k, std::span<Element> out) const {
      std::ranges::transform(k, out.begin(), [this](const Scalar& one) { return multiply(one, base_); });
    }

   private:
    Element base_;
  };

  static void hash_batch(std::span<const ByteView> msgs, std::span<Digest> out) {
    std::ranges::transform(msgs, out.begin(), [](ByteView msg) { return hash::sha256({msg}); });
  }

  static Scalar scalar_from_uniform(std::span<const std::uint8_t, kUniformScalarBytes> bytes) {
    return Scalar(bytes[0]);
  }
  static Scalar hash_to_scalar(std::initializer_list<ByteView> msg, ByteView dst) {
    std::array<std::uint8_t, 1> out{};
    hash::expand_message_xmd(kHash, msg, dst, out);
    return Scalar(out[0]);
  }
  static void hash_to_scalar_batch(std::span<const ByteView> msgs, ByteView dst, std::span<Scalar> out) {
    for (std::size_t i = 0; i < msgs.size(); ++i) {
      out[i] = hash_to_scalar({msgs[i]}, dst);
    }
  }
  static std::optional<Scalar> decode_scalar(std::span<const std::uint8_t, kScalarBytes> bytes) {
    return bytes[0] < kOrder && bytes[1] == 0 ? std::optional(Scalar(bytes[0])) : std::nullopt;
  }
  static void encode_scalar(const Scalar& scalar, std::span<std::uint8_t, kScalarBytes> out) {
    out[0] = static_cast<std::uint8_t>(scalar.value);
    out[1] = 0;
  }
  static Scalar add(const Scalar& a, const Scalar& b) { return Scalar(a.value + b.value); }
  static Scalar subtract(const Scalar& a, const Scalar& b) { return Scalar(a.value + kOrder - b.value); }
  static Scalar multiply(const Scalar& a, const Scalar& b) { return Scalar(a.value * b.value); }
  static Scalar negate(const Scalar& a) { return Scalar(kOrder - a.value); }
  static Scalar invert(const Scalar& a) {
    unsigned out = 1;  // a^(13 - 2)
    for (unsigned i = 0; i < kOrder - 2; ++i) {
      out = out * a.value % kOrder;
    }
    return Scalar(out);
  }
  static bool is_zero(const Scalar& a) { return a.value == 0; }
  static bool equal(const Scalar& a, const Scalar& b) { return a.value == b.value; }

  static Element generator() { return {1}; }
  static Element identity() { return {0}; }
  static bool equal(const Element& a, const Element& b) { return a.value == b.value; }
  static bool is_identity(const Element& a) { return a.value == 0; }
  static std::optional<Element> decode(const EncodedElement& encoded) {
    const auto bytes = encoded.view();
    const bool canonical = bytes[0] == 0xE1 && bytes[1] == 0xE2 && bytes[2] != 0 && bytes[2] < kOrder;
    return canonical ? std::optional(Element{bytes[2]}) : std::nullopt;
  }
  static EncodedElement encode(const Element& element) {
    return EncodedElement(
        std::array<std::uint8_t, kElementBytes>{0xE1, 0xE2, static_cast<std::uint8_t>(element.value)});
  }
  static Element multiply(const Scalar& k, const Element& element) {
    return {k.value * element.value % kOrder};
  }
  static Element hash_to_group(ByteView msg, ByteView dst) { return {hash_to_scalar({msg}, dst).value}; }
  static void wipe(std::span<Element> elements) { std::ranges::fill(elements, Element{}); }

  static std::optional<std::size_t> decode_batch(std::span<const EncodedElement> encoded,
                                                 std::span<Element> out) {
    for (std::size_t i = 0; i < encoded.size(); ++i) {
      const std::optional<Element> element = decode(encoded[i]);
      if (!element) {
        return i;
      }
      out[i] = *element;
    }
    return std::nullopt;
  }
  static void encode_batch(std::span<const Element> elements, std::span<EncodedElement> out) {
    std::ranges::transform(elements, out.begin(), encode);
  }
  static void hash_to_group_batch(std::span<const ByteView> msgs, ByteView dst, std::span<Element> out) {
    std::ranges::transform(msgs, out.begin(), [dst](ByteView msg) { return hash_to_group(msg, dst); });
  }
  static void multiply_batch(const Scalar& k, std::span<const Element> elements, std::span<Element> out) {
    std::ranges::transform(elements, out.begin(),
                           [&k](const Element& element) { return multiply(k, element); });
  }
  static void multiply_encode_batch(const Scalar& k, std::span<const Element> elements,
                                    std::span<EncodedElement> out) {
    std::ranges::transform(elements, out.begin(),
                           [&k](const Element& element) { return encode(multiply(k, element)); });
  }
  static void multiply_base_batch(std::span<const Scalar> k, std::span<Element> out) {
    FixedBase(generator()).multiply_batch(k, out);
  }
  static void add_batch(std::span<const Element> a, std::span<const Element> b, std::span<Element> out) {
    std::ranges::transform(a, b, out.begin(), [](const Element& p, const Element& q) {
      return Element{(p.value + q.value) % kOrder};
    });
  }
  static void subtract_batch(std::span<const Element> a, std::span<const Element> b, std::span<Element> out) {
    std::ranges::transform(a, b, out.begin(), [](const Element& p, const Element& q) {
      return Element{(p.value + kOrder - q.value) % kOrder};
    });
  }
  static Element multi_scalar_multiply_vartime(std::span<const Scalar> k, std::span<const Element> elements) {
    unsigned sum = 0;
    for (std::size_t i = 0; i < k.size(); ++i) {
      sum += k[i].value * elements[i].value;
    }
    return {sum % kOrder};
  }
};

static_assert(group::Group<ToyGroup>);

}  // namespace blindbook::oprf::test
