#include "blindbook/group/ristretto255.h"

#include <array>
#include <numeric>
#include <stdexcept>
#include <vector>

#include <catch2/catch.hpp>
#include <sodium.h>

#include "blindbook/group/group.h"
#include "blindbook/hash/expand_message.h"

#include "tests/support/deterministic_random.h"
#include "tests/support/vectors.h"

using namespace blindbook;
using G = group::Ristretto255;

static_assert(group::Group<G>);

namespace {

using test_support::DeterministicRandom;

constexpr std::string_view kTag = "HashToGroup-test";

std::vector<G::Element> some_elements(std::size_t count, std::string_view label = "element") {
  std::vector<std::string> messages;
  std::vector<ByteView> views;
  for (std::size_t i = 0; i < count; ++i) {
    messages.push_back(std::string(label) + std::to_string(i));
  }
  for (const std::string& message : messages) {
    views.push_back(bytes_of(message));
  }
  std::vector<G::Element> elements(count);
  G::hash_to_group_batch(views, bytes_of(kTag), elements);
  return elements;
}

G::Scalar some_scalar(RandomSource& random) {
  std::array<std::uint8_t, 64> uniform{};
  random.fill(uniform);
  return G::scalar_from_uniform(uniform);
}

std::vector<G::Scalar> some_scalars(std::size_t count) {
  DeterministicRandom random(count);
  std::vector<G::Scalar> scalars;
  for (std::size_t i = 0; i < count; ++i) {
    scalars.push_back(some_scalar(random));
  }
  return scalars;
}

std::vector<G::EncodedElement> encode_all(std::span<const G::Element> elements) {
  std::vector<G::EncodedElement> encoded(elements.size());
  G::encode_batch(elements, encoded);
  return encoded;
}

}  // namespace

TEST_CASE("the generator and its multiples are those of rfc 9496") {
  const auto vectors = test_support::read_vectors("rfc9496-ristretto255.json");
  std::uint64_t k = 0;
  for (const auto& encoding : vectors.at("generator_multiples")) {
    CHECK(G::encode(G::multiply(G::scalar_from_integer(k), G::generator())).hex() == encoding);
    ++k;
  }
  CHECK(k == 16);
}

TEST_CASE("decode rejects the identity") {
  CHECK_FALSE(G::decode(G::EncodedElement{}));
  CHECK(G::encode(G::identity()) == G::EncodedElement{});
  CHECK(G::is_identity(G::identity()));
  CHECK(G::is_identity(G::Element{}));
  CHECK_FALSE(G::is_identity(G::generator()));
}

TEST_CASE("decode rejects what libsodium accepts with bit 255 set") {
  REQUIRE(sodium_init() >= 0);
  G::EncodedElement encoded = G::encode(G::generator());
  REQUIRE(G::decode(encoded));
  encoded.mutable_view()[31] |= 0x80;
  CHECK_FALSE(G::decode(encoded));
}

TEST_CASE("decode and decode batch agree on random bytes and name the first bad one") {
  DeterministicRandom random(1);
  std::vector<G::EncodedElement> encoded(200);
  std::optional<std::size_t> first_bad;
  for (std::size_t i = 0; i < encoded.size(); ++i) {
    random.fill(encoded[i].mutable_view());
    encoded[i].mutable_view()[0] &= 0xfe;
    encoded[i].mutable_view()[31] &= 0x7f;
    if (!G::decode(encoded[i]) && !first_bad) {
      first_bad = i;
    }
  }
  REQUIRE(first_bad);
  std::vector<G::Element> out(encoded.size());
  CHECK(G::decode_batch(encoded, out) == first_bad);
}

TEST_CASE("decode undoes encode") {
  for (const std::size_t count : {0U, 1U, 2U, 7U, 8U, 9U, 17U, 1024U}) {
    const auto elements = some_elements(count);
    const auto encoded = encode_all(elements);
    std::vector<G::Element> decoded(count);
    CHECK_FALSE(G::decode_batch(encoded, decoded));
    CHECK(std::equal(decoded.begin(), decoded.end(), elements.begin(),
                     [](const auto& a, const auto& b) { return G::equal(a, b); }));
  }
}

TEST_CASE("decode agrees with libsodium where libsodium is right") {
  REQUIRE(sodium_init() >= 0);
  DeterministicRandom random(2);
  int accepted = 0;
  for (int i = 0; i < 400; ++i) {
    G::EncodedElement encoded;
    random.fill(encoded.mutable_view());
    encoded.mutable_view()[31] &= 0x7f;  // libsodium 1.0.18 ignores bit 255
    const bool expected = crypto_core_ristretto255_is_valid_point(encoded.view().data()) == 1;
    CHECK(G::decode(encoded).has_value() == expected);
    accepted += expected ? 1 : 0;
  }
  CHECK(accepted > 20);
}

TEST_CASE("products agree with libsodium") {
  REQUIRE(sodium_init() >= 0);
  const auto elements = some_elements(50);
  const auto encoded = encode_all(elements);
  DeterministicRandom random(3);
  const G::Scalar k = some_scalar(random);
  std::array<std::uint8_t, 32> k_bytes{};
  G::encode_scalar(k, k_bytes);
  std::vector<G::EncodedElement> products(elements.size());
  G::multiply_encode_batch(k, elements, products);
  for (std::size_t i = 0; i < elements.size(); ++i) {
    G::EncodedElement expected;
    REQUIRE(crypto_scalarmult_ristretto255(expected.mutable_view().data(), k_bytes.data(),
                                           encoded[i].view().data()) == 0);
    CHECK(products[i] == expected);
  }
}

TEST_CASE("hash to group is libsodium's map of expand message xmd") {
  REQUIRE(sodium_init() >= 0);
  for (const std::string_view message : {"", "a", "tel:+493023125000", "tel:+4917139200001"}) {
    std::array<std::uint8_t, 64> uniform{};
    hash::expand_message_xmd(G::kHash, {bytes_of(message)}, bytes_of(kTag), uniform);
    G::EncodedElement expected;
    crypto_core_ristretto255_from_hash(expected.mutable_view().data(), uniform.data());
    CHECK(G::encode(G::hash_to_group(bytes_of(message), bytes_of(kTag))) == expected);
  }
}

TEST_CASE("batch products equal single products at every length and in place") {
  DeterministicRandom random(4);
  const G::Scalar k = some_scalar(random);
  for (std::size_t count = 0; count <= 17; ++count) {
    auto elements = some_elements(count);
    std::vector<G::EncodedElement> expected;
    for (const auto& element : elements) {
      expected.push_back(G::encode(G::multiply(k, element)));
    }
    std::vector<G::EncodedElement> encoded(count);
    G::multiply_encode_batch(k, elements, encoded);
    CHECK(encoded == expected);
    G::multiply_batch(k, elements, elements);
    CHECK(encode_all(elements) == expected);
  }
}

TEST_CASE("an identity in a batch leaves its neighbours alone") {
  const G::Scalar k = G::scalar_from_integer(5);
  auto elements = some_elements(9);
  const auto expected = [&] {
    std::vector<G::EncodedElement> out(9);
    G::multiply_encode_batch(k, elements, out);
    return out;
  }();
  for (std::size_t at = 0; at < elements.size(); ++at) {
    auto mixed = elements;
    mixed[at] = G::identity();
    std::vector<G::EncodedElement> out(9);
    G::multiply_encode_batch(k, mixed, out);
    auto wanted = expected;
    wanted[at] = G::EncodedElement{};
    CHECK(out == wanted);
  }
}

TEST_CASE("multiplication by zero one and minus one") {
  const auto elements = some_elements(3);
  const G::Scalar zero;
  const G::Scalar one = G::scalar_from_integer(1);
  const G::Scalar minus_one = G::negate(one);
  for (const auto& p : elements) {
    CHECK(G::is_identity(G::multiply(zero, p)));
    CHECK(G::equal(G::multiply(one, p), p));
    G::Element sum;
    const G::Element opposite = G::multiply(minus_one, p);
    G::add_batch({&p, 1}, {&opposite, 1}, {&sum, 1});
    CHECK(G::is_identity(sum));
  }
}

TEST_CASE("fixed base products equal general products at every length") {
  const G::Element base = some_elements(1)[0];
  const G::FixedBase fixed(base);
  for (const std::size_t count : {0U, 1U, 2U, 8U, 17U, 33U, 64U, 65U, 130U}) {
    const auto scalars = some_scalars(count);
    std::vector<G::Element> by_table(count);
    std::vector<G::Element> by_generator(count);
    fixed.multiply_batch(scalars, by_table);
    G::multiply_base_batch(scalars, by_generator);
    for (std::size_t i = 0; i < count; ++i) {
      CHECK(G::equal(by_table[i], G::multiply(scalars[i], base)));
      CHECK(G::equal(by_generator[i], G::multiply(scalars[i], G::generator())));
    }
  }
}

TEST_CASE("subtract undoes add in place") {
  const auto a = some_elements(17, "a");
  const auto b = some_elements(17, "b");
  auto sum = a;
  G::add_batch(sum, b, sum);
  CHECK(encode_all(sum) != encode_all(a));
  G::subtract_batch(sum, b, sum);
  CHECK(encode_all(sum) == encode_all(a));
}

TEST_CASE("multi scalar multiplication is the sum of products") {
  for (const std::size_t count : {0U, 1U, 2U, 5U, 17U, 100U}) {
    const auto elements = some_elements(count);
    const auto scalars = some_scalars(count);
    G::Element expected = G::identity();
    for (std::size_t i = 0; i < count; ++i) {
      const G::Element product = G::multiply(scalars[i], elements[i]);
      G::add_batch({&expected, 1}, {&product, 1}, {&expected, 1});
    }
    CHECK(G::equal(G::multi_scalar_multiply_vartime(scalars, elements), expected));
  }
}

TEST_CASE("spans of different sizes are refused") {
  const auto elements = some_elements(3);
  const auto scalars = some_scalars(3);
  std::vector<G::Element> out(2);
  std::vector<G::EncodedElement> encoded(2);
  CHECK_THROWS_AS(G::encode_batch(elements, encoded), std::invalid_argument);
  CHECK_THROWS_AS(G::decode_batch(encoded, std::span(out).first(1)), std::invalid_argument);
  CHECK_THROWS_AS(G::multiply_batch(scalars[0], elements, out), std::invalid_argument);
  CHECK_THROWS_AS(G::multiply_encode_batch(scalars[0], elements, encoded), std::invalid_argument);
  CHECK_THROWS_AS(G::multiply_base_batch(scalars, out), std::invalid_argument);
  CHECK_THROWS_AS(G::add_batch(elements, elements, out), std::invalid_argument);
  CHECK_THROWS_AS(G::subtract_batch(elements, out, out), std::invalid_argument);
  CHECK_THROWS_AS(G::multi_scalar_multiply_vartime(scalars, out), std::invalid_argument);
  CHECK_THROWS_AS(G::hash_to_group_batch({}, bytes_of(kTag), out), std::invalid_argument);
}

TEST_CASE("wiped elements hold nothing") {
  auto elements = some_elements(2);
  G::wipe(elements);
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(elements.data());
  CHECK(std::accumulate(bytes, bytes + sizeof(G::Element) * 2, 0) == 0);
}
