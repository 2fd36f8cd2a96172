#include "tests/unit/oprf/toy_group.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "blindbook/base/domains.h"
#include "blindbook/oprf/dleq.h"
#include "blindbook/oprf/oprf.h"
#include "blindbook/oprf/suite_of.h"

#include "tests/support/deterministic_random.h"
#include "tests/unit/oprf/exchange.h"

/// The branches that a real group takes once in 2^252 tries, and a whole exchange with sizes other than 32.
namespace blindbook::oprf {
namespace {

using G = test::ToyGroup;
using test::answer_of;
using test::key_pair;
using test::numbers;
using test::unblinded_outputs;
using test::views;
using test_support::DeterministicRandom;

const Context kContext(Mode::kVoprf, "toy-SHA256");

const Suite& toy_suite() {
  static const SuiteOf<G> suite(SuiteId::kP256Sha256, "toy-SHA256", "toy-sha256");
  return suite;
}

/// The candidate that DeriveKeyPair takes at `counter` (RFC 9497 section 3.2.1), computed by hand.
G::Scalar candidate(ByteView seed, std::uint8_t counter) {
  const std::array<std::uint8_t, 6> tail{0, 3, 'k', 'e', 'y', counter};
  return G::hash_to_scalar({seed, tail}, bytes_of("DeriveKeyPairOPRFV1-\x01-toy-SHA256"));
}

}  // namespace

TEST_CASE("derive key pair skips candidates that are zero") {
  std::size_t skipped = 0;
  for (unsigned i = 0; i < 200; ++i) {
    const Bytes seed(32, static_cast<std::uint8_t>(i));
    std::uint8_t counter = 0;
    while (candidate(seed, counter).value == 0) {
      ++counter;
    }
    const auto secret = derive_key_pair<G>(kContext, seed, bytes_of("key"));
    REQUIRE(secret.has_value());
    CHECK(secret->value == candidate(seed, counter).value);
    skipped += counter;
  }
  CHECK(skipped > 0);
}

TEST_CASE("blinding draws a new mask when the identity would travel") {
  const std::string text = "tel:+4930231250";
  const ByteView input = bytes_of(text);
  std::size_t redrawn = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    DeterministicRandom random(seed);
    std::vector<G::Scalar> masks(3);
    std::vector<G::Element> blinded(3);
    std::vector<G::EncodedElement> encoded(3);
    const std::array inputs{input, input, input};
    blind_additively<G>(kContext, inputs, random, masks, blinded, encoded);
    redrawn += random.drawn() / G::kUniformScalarBytes - 3;
    for (std::size_t i = 0; i < 3; ++i) {
      CHECK(!G::is_identity(blinded[i]));
      CHECK(encoded[i] == G::encode(blinded[i]));
      const G::Element hashed = G::hash_to_group(input, kContext.hash_to_group_dst());
      CHECK(blinded[i].value == (hashed.value + masks[i].value) % G::kOrder);
    }
  }
  CHECK(redrawn > 0);
}

TEST_CASE("every message comes from every address book by exactly one choice of masks") {
  // The whole of perfect blinding, counted out: whatever two identifiers a client asks for, each of the 12 *
  // 12 messages it may send comes from one pair of masks, and masks are uniform. So a message tells nothing
  // about the identifiers, to nobody, whatever they can compute or know of the key.
  constexpr unsigned kMessages = (G::kOrder - 1) * (G::kOrder - 1);
  for (const auto& [first, second] :
       {std::pair("tel:+493023125000", "tel:+493023125001"),
        std::pair("tel:+493023125999", "tel:+493023125999"), std::pair("", "tel:+33639980000")}) {
    const std::array inputs{bytes_of(first), bytes_of(second)};
    std::map<std::pair<unsigned, unsigned>, unsigned> ways;
    for (unsigned r = 0; r < G::kOrder; ++r) {
      for (unsigned s = 0; s < G::kOrder; ++s) {
        const std::array masks{G::Scalar(r), G::Scalar(s)};
        std::array<G::Element, 2> out;
        blind_with_masks<G>(kContext, inputs, masks, out);
        if (!G::is_identity(out[0]) && !G::is_identity(out[1])) {  // else drawn again
          ++ways[{out[0].value, out[1].value}];
        }
      }
    }
    CHECK(ways.size() == kMessages);
    CHECK(std::ranges::all_of(ways, [](const auto& way) { return way.second == 1; }));
  }
}

TEST_CASE("proof draws a new nonce when the first is zero") {
  const G::Scalar secret(5);
  const G::EncodedElement public_key = G::encode(public_key_of<G>(secret));
  const std::array blinded{G::Element{7}};
  const std::array blinded_encoded{G::encode(blinded[0])};
  const std::array evaluated{G::multiply(secret, blinded[0])};
  const std::array evaluated_encoded{G::encode(evaluated[0])};
  const DleqStatement<G> statement{public_key, blinded, blinded_encoded, evaluated_encoded};
  std::size_t redrawn = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    DeterministicRandom random(seed);
    const auto proof = Dleq<G>::generate(kContext, secret, statement, random, calling_thread());
    CHECK(Dleq<G>::verify(kContext, public_key_of<G>(secret), evaluated, statement, proof));
    // r = s + c*k
    CHECK((proof[2] + proof[0] * secret.value) % G::kOrder != 0);
    redrawn += random.drawn() / 64 - 1;
  }
  CHECK(redrawn > 0);
}

TEST_CASE("a group with other sizes runs the whole exchange through the suite interface") {
  CHECK(toy_suite().sizes() == SuiteSizes{.element = 3, .scalar = 2, .proof = 4, .output = 32});
  DeterministicRandom random(9);
  for (std::size_t size = 1; size <= 70; ++size) {
    const KeyPair keys = key_pair(toy_suite(), static_cast<std::uint8_t>(size));
    const auto texts = numbers(size);
    auto [batch, elements] = toy_suite().blind(views(texts), random, keys.public_key);
    auto loaded = ClientBatch::load(toy_suite(), batch.save().expose());
    REQUIRE(loaded.has_value());
    const Evaluated answer = answer_of(toy_suite(), elements, keys, random);
    CHECK(answer.elements.size() == 3 * size);
    auto verified = std::move(*loaded).verify(answer.elements, answer.proof);
    REQUIRE(verified.has_value());
    CHECK(std::move(*verified).finalize() == unblinded_outputs(toy_suite(), keys, views(texts)));
  }
}

TEST_CASE("a saved batch of one suite does not load into another") {
  DeterministicRandom random(9);
  const auto texts = numbers(1);
  const SecretBytes saved =
      toy_suite().blind(views(texts), random, key_pair(toy_suite(), 1).public_key).batch.save();
  const auto loaded = ClientBatch::load(test::ristretto255(), saved.expose());
  REQUIRE(!loaded.has_value());
  CHECK(loaded.error().rule == "oprf.saved-batch");
}

}  // namespace blindbook::oprf
