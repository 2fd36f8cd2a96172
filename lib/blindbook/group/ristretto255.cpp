#include "blindbook/group/ristretto255.h"

#include <algorithm>
#include <stdexcept>
#include <type_traits>
#include <vector>

#include "blindbook/base/constant_time.h"
#include "blindbook/group/expand_messages.h"
#include "blindbook/group/kernel/kernel.h"
#include "blindbook/group/recode.h"
#include "blindbook/group/scalar_arithmetic.h"
#include "blindbook/group/sha512_batch.h"
#include "blindbook/hash/expand_message.h"

namespace blindbook::group {
namespace {

using Element = Ristretto255::Element;
using EncodedElement = Ristretto255::EncodedElement;
using kernel::ExtendedPoint;

static_assert(std::is_same_v<ScalarWords, std::array<std::uint64_t, 4>>);
static_assert(sizeof(EncodedElement) == Ristretto255::kElementBytes);
static_assert(sizeof(Element) == sizeof(ExtendedPoint) && std::is_standard_layout_v<Element>);

/// RFC 9496 section 4: the generator is the base point of edwards25519 (RFC 7748 section 4.1).
constexpr ExtendedPoint kGenerator = {
    {0x62d608f25d51aU, 0x412a4b4f6592aU, 0x75b7171a4b31dU, 0x1ff60527118feU, 0x216936d3cd6e5U},
    {0x6666666666658U, 0x4ccccccccccccU, 0x1999999999999U, 0x3333333333333U, 0x6666666666666U},
    {1, 0, 0, 0, 0},
    {0x68ab3a5b7dda3U, 0x00eea2a5eadbbU, 0x2af8df483c27eU, 0x332b375274732U, 0x67875f0fd78b7U}};

/// Messages or scalars prepared on the stack between two calls of the kernel.
constexpr std::size_t kChunk = 64;

// An Element is its point, an EncodedElement its bytes, and a span of either an array of these.
const ExtendedPoint* points(std::span<const Element> elements) noexcept {
  return reinterpret_cast<const ExtendedPoint*>(elements.data());
}
ExtendedPoint* points(std::span<Element> elements) noexcept {
  return reinterpret_cast<ExtendedPoint*>(elements.data());
}
const std::uint8_t* bytes(std::span<const EncodedElement> encoded) noexcept {
  return reinterpret_cast<const std::uint8_t*>(encoded.data());
}
std::uint8_t* bytes(std::span<EncodedElement> encoded) noexcept {
  return reinterpret_cast<std::uint8_t*>(encoded.data());
}

void require_equal(std::size_t a, std::size_t b) {
  if (a != b) {
    throw std::invalid_argument("ristretto255: spans of different sizes");
  }
}

template <class T>
void wipe_object(T& object) noexcept {
  blindbook::wipe({reinterpret_cast<std::uint8_t*>(&object), sizeof object});
}

}  // namespace

void Ristretto255::hash_batch(std::span<const ByteView> msgs, std::span<Digest> out) {
  require_equal(msgs.size(), out.size());
  static_assert(sizeof(Digest) == kSha512Bytes);
  sha512_batch(kernel::active(), msgs, {reinterpret_cast<std::uint8_t*>(out.data()), out.size_bytes()});
}

// Scalars

Ristretto255::Scalar::~Scalar() {
  wipe_object(limbs_);
}
Ristretto255::Scalar::Scalar(Scalar&& other) noexcept : limbs_(other.limbs_) {
  wipe_object(other.limbs_);
}
Ristretto255::Scalar& Ristretto255::Scalar::operator=(Scalar&& other) noexcept {
  if (this != &other) {
    limbs_ = other.limbs_;
    wipe_object(other.limbs_);
  }
  return *this;
}

Ristretto255::Scalar Ristretto255::scalar_from_uniform(
    std::span<const std::uint8_t, kUniformScalarBytes> uniform) noexcept {
  return Scalar(scalar::reduce(uniform));
}

Ristretto255::Scalar Ristretto255::hash_to_scalar(std::initializer_list<ByteView> msg, ByteView dst) {
  std::array<std::uint8_t, kUniformScalarBytes> uniform{};
  hash::expand_message_xmd(kHash, msg, dst, uniform);
  Scalar out = scalar_from_uniform(uniform);
  wipe_object(uniform);
  return out;
}

Ristretto255::Scalar Ristretto255::scalar_from_integer(std::uint64_t value) noexcept {
  return Scalar({value, 0, 0, 0});
}

void Ristretto255::hash_to_scalar_batch(std::span<const ByteView> msgs, ByteView dst, std::span<Scalar> out) {
  require_equal(msgs.size(), out.size());
  std::array<std::uint8_t, kUniformScalarBytes * kChunk> uniform;
  for (std::size_t start = 0; start < msgs.size(); start += kChunk) {
    const std::size_t size = std::min(kChunk, msgs.size() - start);
    const MutableBytes some = MutableBytes(uniform).first(kUniformScalarBytes * size);
    expand_messages(kernel::active(), msgs.subspan(start, size), dst, some);
    for (std::size_t i = 0; i < size; ++i) {
      out[start + i] =
          scalar_from_uniform(some.subspan(kUniformScalarBytes * i).first<kUniformScalarBytes>());
    }
  }
  wipe_object(uniform);
}

std::optional<Ristretto255::Scalar> Ristretto255::decode_scalar(
    std::span<const std::uint8_t, kScalarBytes> encoded) noexcept {
  Scalar out(scalar::load(encoded));
  // Whoever wrote the bytes knows whether they are a scalar, and what is rejected is no secret of ours.
  if (!declassify(scalar::is_canonical(out.limbs_))) {
    return std::nullopt;
  }
  return out;
}

void Ristretto255::encode_scalar(const Scalar& a, std::span<std::uint8_t, kScalarBytes> out) noexcept {
  scalar::store(a.limbs_, out);
}
Ristretto255::Scalar Ristretto255::add(const Scalar& a, const Scalar& b) noexcept {
  return Scalar(scalar::add(a.limbs_, b.limbs_));
}
Ristretto255::Scalar Ristretto255::subtract(const Scalar& a, const Scalar& b) noexcept {
  return Scalar(scalar::subtract(a.limbs_, b.limbs_));
}
Ristretto255::Scalar Ristretto255::multiply(const Scalar& a, const Scalar& b) noexcept {
  return Scalar(scalar::multiply(a.limbs_, b.limbs_));
}
Ristretto255::Scalar Ristretto255::negate(const Scalar& a) noexcept {
  return Scalar(scalar::subtract({}, a.limbs_));
}
Ristretto255::Scalar Ristretto255::invert(const Scalar& a) noexcept {
  return Scalar(scalar::invert(a.limbs_));
}
bool Ristretto255::is_zero(const Scalar& a) noexcept {
  return scalar::is_zero(a.limbs_);
}
bool Ristretto255::equal(const Scalar& a, const Scalar& b) noexcept {
  return is_zero(subtract(a, b));
}

// Single elements

const Element& Ristretto255::generator() noexcept {
  static const Element element = [] {
    Element g;
    g.point_ = kGenerator;
    return g;
  }();
  return element;
}

bool Ristretto255::equal(const Element& a, const Element& b) {
  return kernel::active().equal(a.point_, b.point_);
}
bool Ristretto255::is_identity(const Element& a) {
  return equal(a, identity());
}

std::optional<Element> Ristretto255::decode(const EncodedElement& encoded) {
  Element out;
  if (decode_batch({&encoded, 1}, {&out, 1})) {
    return std::nullopt;
  }
  return out;
}

EncodedElement Ristretto255::encode(const Element& element) {
  EncodedElement out;
  encode_batch({&element, 1}, {&out, 1});
  return out;
}

Element Ristretto255::multiply(const Scalar& k, const Element& element) {
  Element out;
  multiply_batch(k, {&element, 1}, {&out, 1});
  return out;
}

Element Ristretto255::hash_to_group(ByteView msg, ByteView dst) {
  Element out;
  hash_to_group_batch({&msg, 1}, dst, {&out, 1});
  return out;
}

void Ristretto255::wipe(std::span<Element> elements) noexcept {
  blindbook::wipe({reinterpret_cast<std::uint8_t*>(elements.data()), elements.size_bytes()});
}

// Batches

std::optional<std::size_t> Ristretto255::decode_batch(std::span<const EncodedElement> encoded,
                                                      std::span<Element> out) {
  require_equal(encoded.size(), out.size());
  const std::size_t bad = kernel::active().decode(bytes(encoded), encoded.size(), points(out));
  return bad == encoded.size() ? std::nullopt : std::optional(bad);
}

void Ristretto255::encode_batch(std::span<const Element> elements, std::span<EncodedElement> out) {
  require_equal(elements.size(), out.size());
  kernel::active().encode(points(elements), elements.size(), bytes(out));
}

void Ristretto255::hash_to_group_batch(std::span<const ByteView> msgs, ByteView dst, std::span<Element> out) {
  require_equal(msgs.size(), out.size());
  std::array<std::uint8_t, 64 * kChunk> uniform;
  for (std::size_t start = 0; start < msgs.size(); start += kChunk) {
    const std::size_t size = std::min(kChunk, msgs.size() - start);
    expand_messages(kernel::active(), msgs.subspan(start, size), dst, MutableBytes(uniform).first(64 * size));
    kernel::active().from_uniform(uniform.data(), size, points(out.subspan(start)));
  }
  wipe_object(uniform);
}

void Ristretto255::multiply_batch(const Scalar& k, std::span<const Element> elements,
                                  std::span<Element> out) {
  require_equal(elements.size(), out.size());
  WindowDigits digits;
  recode(k.limbs_, digits);
  kernel::active().multiply(digits, points(elements), elements.size(), points(out));
  wipe_object(digits);
}

void Ristretto255::multiply_encode_batch(const Scalar& k, std::span<const Element> elements,
                                         std::span<EncodedElement> out) {
  require_equal(elements.size(), out.size());
  WindowDigits digits;
  const Scalar half(scalar::halve(k.limbs_));
  recode(half.limbs_, digits);
  kernel::active().multiply_double_encode(digits, points(elements), elements.size(), bytes(out));
  wipe_object(digits);
}

void Ristretto255::add_batch(std::span<const Element> a, std::span<const Element> b, std::span<Element> out) {
  require_equal(a.size(), b.size());
  require_equal(a.size(), out.size());
  kernel::active().add(points(a), points(b), a.size(), points(out));
}

void Ristretto255::subtract_batch(std::span<const Element> a, std::span<const Element> b,
                                  std::span<Element> out) {
  require_equal(a.size(), b.size());
  require_equal(a.size(), out.size());
  kernel::active().subtract(points(a), points(b), a.size(), points(out));
}

Element Ristretto255::multi_scalar_multiply_vartime(std::span<const Scalar> k,
                                                    std::span<const Element> elements) {
  require_equal(k.size(), elements.size());
  if (k.empty()) {
    return identity();
  }
  static_assert(sizeof(Scalar) == sizeof(std::uint64_t[4]) && std::is_standard_layout_v<Scalar>);
  Element out;
  out.point_ = kernel::active().multi_scalar_multiply_vartime(
      reinterpret_cast<const std::uint64_t(*)[4]>(k.data()), points(elements), elements.size());
  return out;
}

// Fixed bases

struct Ristretto255::FixedBase::Table {
  struct alignas(64) CacheLine {
    std::byte bytes[64];
  };

  explicit Table(const ExtendedPoint& base) : lines((kernel::active().fixed_table_bytes + 63) / 64) {
    kernel::active().make_fixed_table(base, lines.data());
  }

  std::vector<CacheLine> lines;
};

Ristretto255::FixedBase::FixedBase(const Element& base) : table_(std::make_shared<Table>(base.point_)) {}

void Ristretto255::FixedBase::multiply_batch(std::span<const Scalar> k, std::span<Element> out) const {
  require_equal(k.size(), out.size());
  std::array<FixedDigits, kChunk> digits;
  for (std::size_t start = 0; start < k.size(); start += kChunk) {
    const std::size_t size = std::min(kChunk, k.size() - start);
    for (std::size_t i = 0; i < size; ++i) {
      recode(k[start + i].limbs_, digits[i]);
    }
    kernel::active().multiply_fixed(table_->lines.data(), digits.data(), size, points(out.subspan(start)));
  }
  wipe_object(digits);
}

const Ristretto255::FixedBase& Ristretto255::base_table() {
  // Never destroyed, because a thread may still multiply while the process ends.
  static const FixedBase& table = *new FixedBase(generator());
  return table;
}

void Ristretto255::multiply_base_batch(std::span<const Scalar> k, std::span<Element> out) {
  base_table().multiply_batch(k, out);
}

}  // namespace blindbook::group
