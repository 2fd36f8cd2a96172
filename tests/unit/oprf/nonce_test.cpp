#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "blindbook/group/ristretto255.h"
#include "blindbook/oprf/suite.h"

#include "tests/support/deterministic_random.h"
#include "tests/unit/oprf/exchange.h"

/// The nonce of a proof, r = s + c*k, seen by someone who has the key.
namespace blindbook::oprf {
namespace {

using G = group::Ristretto255;
using test::answer_of;
using test::key_pair;
using test::numbers;
using test::ristretto255;
using test::views;
using test_support::DeterministicRandom;

/// Gives zeros, whatever is asked for.
class BrokenRandom final : public RandomSource {
 public:
  void fill(MutableBytes out) override { std::ranges::fill(out, std::uint8_t{0}); }
};

G::Scalar nonce_of(const Evaluated& answer, const KeyPair& keys) {
  const ByteView proof = answer.proof;
  const auto challenge = G::decode_scalar(proof.first<32>());
  const auto response = G::decode_scalar(proof.last<32>());
  const auto secret = G::decode_scalar(keys.secret.expose().first<32>());
  REQUIRE((challenge && response && secret));
  return G::add(*response, G::multiply(*challenge, *secret));
}

Bytes message(std::uint64_t seed, const KeyPair& keys) {
  DeterministicRandom random(seed);
  const auto texts = numbers(3);
  return ristretto255().blind(views(texts), random, keys.public_key).elements;
}

}  // namespace

TEST_CASE("nonce differs between two proofs over the same batch") {
  const KeyPair keys = key_pair(ristretto255(), 1);
  const Bytes elements = message(1, keys);
  DeterministicRandom random(2);
  const Evaluated first = answer_of(ristretto255(), elements, keys, random);
  const Evaluated second = answer_of(ristretto255(), elements, keys, random);
  CHECK(!G::equal(nonce_of(first, keys), nonce_of(second, keys)));
}

TEST_CASE("nonce differs between batches and between keys even when the random source is broken") {
  const KeyPair keys = key_pair(ristretto255(), 1);
  const KeyPair other = key_pair(ristretto255(), 2);
  BrokenRandom random;
  const Bytes elements = message(1, keys);
  const auto nonce = nonce_of(answer_of(ristretto255(), elements, keys, random), keys);
  const auto other_batch = nonce_of(answer_of(ristretto255(), message(2, keys), keys, random), keys);
  const auto other_key = nonce_of(answer_of(ristretto255(), elements, other, random), other);
  CHECK(!G::equal(nonce, other_batch));
  CHECK(!G::equal(nonce, other_key));
}

TEST_CASE("proof takes 64 random bytes") {
  const KeyPair keys = key_pair(ristretto255(), 1);
  DeterministicRandom random(2);
  (void)answer_of(ristretto255(), message(1, keys), keys, random);
  CHECK(random.drawn() == 64);
}

}  // namespace blindbook::oprf
