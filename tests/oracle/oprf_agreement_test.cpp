// The product's OPRF and proofs against the oracle: random inputs, and the edges of keys, nonces and lengths.
#include <algorithm>

#include <catch2/catch.hpp>

#include "blindbook/base/domains.h"
#include "blindbook/group/ristretto255.h"
#include "blindbook/hash/expand_message.h"
#include "blindbook/oprf/multiplicative_blinding_for_testing.h"
#include "blindbook/oprf/oprf.h"
#include "blindbook/oprf/suite.h"
#include "blindbook/oprf/wire.h"

#include "tests/oracle/kernels.h"
#include "tests/oracle/oprf_oracle.h"
#include "tests/support/deterministic_random.h"
#include "tests/unit/oprf/dleq_for_testing.h"
#include "tests/unit/oprf/exchange.h"

namespace blindbook::oracle {
namespace {

using G = group::Ristretto255;
using oprf::test::ristretto255;
using oprf::test::views;
using test_support::DeterministicRandom;

const Oprf kVoprf(1);

G::Scalar scalar_of(const Integer& value) {
  const Bytes bytes = to_little_endian(value);
  return G::decode_scalar(ByteView(bytes).first<32>()).value();
}

oprf::KeyPair pair_of(const Integer& key) {
  return ristretto255().decode_secret_key(to_little_endian(key)).value();
}

G::EncodedElement encoded(const Point& point) {
  return G::EncodedElement(encoding_of(point));
}

Bytes joined(const std::vector<Point>& points) {
  Bytes out;
  for (const Point& point : points) {
    const Bytes one = encode(point);
    out.insert(out.end(), one.begin(), one.end());
  }
  return out;
}

std::vector<Point> points_of(ByteView elements) {
  std::vector<Point> out;
  for (; !elements.empty(); elements = elements.subspan(32)) {
    out.push_back(decode(elements.first(32)).value());
  }
  return out;
}

std::vector<Point> multiples(const Integer& k, const std::vector<Point>& points) {
  std::vector<Point> out;
  std::ranges::transform(points, std::back_inserter(out), [&](const Point& p) { return multiply(k, p); });
  return out;
}

/// Keys and nonces at the ends of their range, and one from the middle.
std::vector<Integer> edge_keys(RandomSource& random) {
  const Integer& l = group_order();
  return {1, 2, l - 1, (l - 1) / 2, (l + 1) / 2, random_integer(random, l)};
}

/// Inputs of lengths at which SHA-512 takes another block, and the longest there may be.
std::vector<Bytes> inputs_of_all_lengths(DeterministicRandom& random) {
  std::vector<Bytes> inputs;
  for (const std::size_t length : {0U, 1U, 17U, 20U, 60U, 61U, 110U, 111U, 112U, 127U, 128U, 300U, 65'535U}) {
    inputs.push_back(random.bytes(length));
  }
  return inputs;
}

/// The product's statement about `pairs`, and what its views look at.
struct Statement {
  Statement(const Point& key, const Pairs& pairs)
      : public_key(encoded(key)),
        blinded_encoded(oprf::split_elements<G>(joined(pairs.blinded))),
        evaluated_encoded(oprf::split_elements<G>(joined(pairs.evaluated))),
        blinded(pairs.blinded.size()),
        evaluated(pairs.evaluated.size()) {
    REQUIRE_FALSE(G::decode_batch(blinded_encoded, blinded));
    REQUIRE_FALSE(G::decode_batch(evaluated_encoded, evaluated));
  }
  [[nodiscard]] oprf::DleqStatement<G> view() const {
    return {public_key, blinded, blinded_encoded, evaluated_encoded};
  }
  [[nodiscard]] bool verify(ByteView proof) const {
    const oprf::Context context(oprf::Mode::kVoprf, ristretto255().name());
    return oprf::Dleq<G>::verify(context, G::decode(public_key).value(), evaluated, view(), proof);
  }

  G::EncodedElement public_key;
  std::vector<G::EncodedElement> blinded_encoded;
  std::vector<G::EncodedElement> evaluated_encoded;
  std::vector<G::Element> blinded;
  std::vector<G::Element> evaluated;
};

Bytes proof_with_nonce(const Integer& key, const Statement& statement, const Integer& nonce) {
  const oprf::Context context(oprf::Mode::kVoprf, ristretto255().name());
  const auto proof = oprf::DleqForTesting::generate_with_nonce<G>(context, scalar_of(key), statement.view(),
                                                                  scalar_of(nonce));
  return {proof.begin(), proof.end()};
}

}  // namespace

TEST_CASE("expand message agrees with the oracle at every length of output and tag") {
  DeterministicRandom random(30);
  for (const std::size_t length : {1U, 32U, 63U, 64U, 65U, 128U, 129U, 1000U}) {
    for (const std::size_t tag : {1U, 40U, 254U, 255U}) {
      const Bytes message = random.bytes(random.below(300));
      const Bytes dst = random.bytes(tag);
      Bytes out(length);
      hash::expand_message_xmd(hash::HashId::kSha512, {message}, dst, out);
      CHECK(to_hex(out) == to_hex(expand_message_xmd(message, dst, length)));
    }
  }
}

TEST_CASE("hash to group and hash to scalar agree with the oracle at every length of input") {
  DeterministicRandom random(31);
  const oprf::Context context(oprf::Mode::kVoprf, ristretto255().name());
  for (const Bytes& input : inputs_of_all_lengths(random)) {
    INFO(input.size());
    CHECK(G::encode(G::hash_to_group(input, context.hash_to_group_dst())).hex() ==
          to_hex(encode(kVoprf.hash_to_group(input))));
    Bytes scalar(32);
    G::encode_scalar(G::hash_to_scalar({input}, context.hash_to_scalar_dst()), std::span(scalar).first<32>());
    CHECK(to_hex(scalar) == to_hex(to_little_endian(kVoprf.hash_to_scalar(input))));
  }
}

TEST_CASE("derived keys agree with the oracle") {
  DeterministicRandom random(32);
  for (const std::size_t length : {0U, 1U, 40U, 255U, 256U, 65'535U}) {
    const Bytes seed = random.bytes(32);
    const Bytes info = random.bytes(length);
    const Integer key = kVoprf.derive_key(seed, info);
    const auto pair = ristretto255().derive_key_pair(Secret<32>(ByteView(seed).first<32>()), info);
    REQUIRE(pair);
    CHECK(to_hex(pair->secret.expose()) == to_hex(to_little_endian(key)));
    CHECK(to_hex(pair->public_key.bytes()) == to_hex(encode(multiply(key, generator()))));
  }
}

TEST_CASE("outputs agree with the oracle in both modes for edge keys and blinds") {
  DeterministicRandom random(33);
  for (const std::uint8_t mode : {std::uint8_t{0}, std::uint8_t{1}}) {
    const Oprf oracle(mode);
    const oprf::Context context(static_cast<oprf::Mode>(mode), ristretto255().name());
    for (const Integer& key : edge_keys(random)) {
      const Bytes input = random.bytes(random.below(40));
      const std::string expected = to_hex(oracle.evaluate(key, input));
      std::vector<SecretBytes> direct(1);
      const ByteView view = input;
      oprf::evaluate_unblinded<G>(context, scalar_of(key), std::span(&view, 1), direct);
      CHECK(to_hex(direct[0].expose()) == expected);
      for (const Integer& blind :
           {Integer(1), Integer(group_order() - 1), random_integer(random, group_order())}) {
        const G::Element blinded =
            oprf::blind_multiplicatively_for_testing<G>(context, input, scalar_of(blind));
        CHECK(G::encode(blinded).hex() == to_hex(encode(oracle.blind(input, blind))));
        const G::Element unblinded = oprf::unblind_multiplicatively_for_testing<G>(
            G::multiply(scalar_of(key), blinded), scalar_of(blind));
        const G::EncodedElement encoded = G::encode(unblinded);
        oprf::finalize<G>(std::span(&view, 1), std::span(&encoded, 1), direct);
        CHECK(to_hex(direct[0].expose()) == expected);
      }
    }
  }
}

TEST_CASE("a request is the hash of each input plus its mask times the generator") {
  const std::vector<std::string> numbers = oprf::test::numbers(9);
  DeterministicRandom random(34);
  DeterministicRandom same(34);
  const auto [batch, elements] = ristretto255().blind(views(numbers), random, pair_of(5).public_key);
  const std::vector<Point> points = points_of(elements);
  REQUIRE(points.size() == numbers.size());
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const Integer mask = modulo(from_little_endian(same.bytes(64)), group_order());
    const Point expected = add(kVoprf.hash_to_group(bytes_of(numbers[i])), multiply(mask, generator()));
    CHECK(to_hex(encode(points[i])) == to_hex(encode(expected)));
  }
}

TEST_CASE("a client accepts the answer of the slow server and gets its outputs") {
  DeterministicRandom random(35);
  const std::vector<std::string> numbers = oprf::test::numbers(3);
  for (const Integer& key : edge_keys(random)) {
    auto [batch, elements] = ristretto255().blind(views(numbers), random, pair_of(key).public_key);
    Pairs pairs{.blinded = points_of(elements), .evaluated = {}};
    pairs.evaluated = multiples(key, pairs.blinded);
    const Proof proof = kVoprf.prove(key, pairs, random_integer(random, group_order()));
    auto verified = std::move(batch).verify(joined(pairs.evaluated), encode(proof));
    REQUIRE(verified);
    const auto outputs = std::move(*verified).finalize();
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      CHECK(to_hex(outputs[i].expose()) == to_hex(kVoprf.evaluate(key, bytes_of(numbers[i]))));
    }
  }
}

TEST_CASE("a slow client accepts the answer of the server and gets the same outputs") {
  DeterministicRandom random(36);
  for (const Integer& key : edge_keys(random)) {
    const std::vector<std::string> numbers = oprf::test::numbers(3);
    std::vector<Integer> blinds;
    Pairs pairs;
    for (const std::string& number : numbers) {
      blinds.push_back(random_integer(random, group_order()));
      pairs.blinded.push_back(kVoprf.blind(bytes_of(number), blinds.back()));
    }
    const auto keys = pair_of(key);
    const oprf::Evaluated answer = oprf::test::answer_of(ristretto255(), joined(pairs.blinded), keys, random);
    pairs.evaluated = points_of(answer.elements);
    CHECK(to_hex(answer.elements) == to_hex(joined(multiples(key, pairs.blinded))));
    CHECK(kVoprf.verify(decode(keys.public_key.bytes()).value(), pairs, answer.proof));
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      CHECK(to_hex(kVoprf.finalize(bytes_of(numbers[i]), blinds[i], pairs.evaluated[i])) ==
            to_hex(kVoprf.evaluate(key, bytes_of(numbers[i]))));
    }
  }
}

TEST_CASE("the proof of a batch is the oracle's with the nonce hashed from key and chance and batch") {
  DeterministicRandom random(37);
  for (const std::size_t count : {1U, 2U, 9U, 17U}) {
    const Integer key = random_integer(random, group_order());
    Pairs pairs;
    for (std::size_t i = 0; i < count; ++i) {
      pairs.blinded.push_back(random_point(random));
    }
    pairs.evaluated = multiples(key, pairs.blinded);
    DeterministicRandom chance(count);
    DeterministicRandom same(count);
    const auto keys = pair_of(key);
    const oprf::Evaluated answer = oprf::test::answer_of(ristretto255(), joined(pairs.blinded), keys, chance);
    const Composites folded = kVoprf.composites(multiply(key, generator()), pairs);
    const Integer nonce = hash_to_scalar(concatenate({framed(to_little_endian(key)), framed(same.bytes(64)),
                                                      framed(encode(folded.m)), framed(encode(folded.z))}),
                                         bytes_of(domain::kDleqNonce));
    CHECK(to_hex(answer.proof) == to_hex(encode(kVoprf.prove(key, pairs, nonce))));
  }
}

TEST_CASE("proofs agree with the oracle for edge keys and nonces") {
  DeterministicRandom random(38);
  std::vector<std::pair<Integer, Integer>> keys_and_nonces;
  for (const Integer& edge : edge_keys(random)) {
    keys_and_nonces.emplace_back(edge, random_integer(random, group_order()));
    keys_and_nonces.emplace_back(random_integer(random, group_order()), edge);
    keys_and_nonces.emplace_back(edge, edge);
  }
  const std::vector<Point> blinded = {generator(), negate(generator()), generator()};
  for (const auto& [key, nonce] : keys_and_nonces) {
    const Pairs pairs{.blinded = blinded, .evaluated = multiples(key, blinded)};
    const Statement statement(multiply(key, generator()), pairs);
    const Bytes proof = proof_with_nonce(key, statement, nonce);
    CHECK(to_hex(proof) == to_hex(encode(kVoprf.prove(key, pairs, nonce))));
    CHECK(statement.verify(proof));
  }
}

TEST_CASE("a proof about a wrong evaluation is the oracle's and neither accepts it") {
  DeterministicRandom random(39);
  const Integer key = random_integer(random, group_order());
  Pairs pairs{.blinded = {random_point(random), random_point(random)}, .evaluated = {}};
  pairs.evaluated = multiples(key, pairs.blinded);
  pairs.evaluated[1] = multiply(key + 1, pairs.blinded[1]);
  const Point public_key = multiply(key, generator());
  const Statement statement(public_key, pairs);
  const Bytes proof = proof_with_nonce(key, statement, 77);
  CHECK(to_hex(proof) == to_hex(encode(kVoprf.prove(key, pairs, 77))));
  CHECK_FALSE(statement.verify(proof));
  CHECK_FALSE(kVoprf.verify(public_key, pairs, proof));
}

TEST_CASE("altered proofs are judged as the oracle judges them") {
  DeterministicRandom random(40);
  const Integer key = random_integer(random, group_order());
  const Point public_key = multiply(key, generator());
  Pairs pairs{.blinded = {random_point(random), random_point(random)}, .evaluated = {}};
  pairs.evaluated = multiples(key, pairs.blinded);
  const Proof honest = kVoprf.prove(key, pairs, random_integer(random, group_order()));
  const Statement statement(public_key, pairs);
  const Integer& l = group_order();

  std::vector<std::pair<Bytes, bool>> proofs = {
      {encode(honest), true},
      {encode(Proof{honest.challenge + l, honest.response}), false},  // another name for the same scalar
      {encode(Proof{honest.challenge, honest.response + l}), false},
      {encode(Proof{l - honest.challenge, honest.response}), false},
      {encode(Proof{honest.challenge, l - honest.response}), false},
      {encode(Proof{honest.response, honest.challenge}), false},
      {encode(Proof{0, 0}), false},
      {encode(Proof{honest.challenge, 0}), false},
      {Bytes(64, 0xff), false},
      {Bytes(63), false},
      {Bytes(65), false},
      {Bytes(), false}};
  for (int i = 0; i < 10; ++i) {
    Bytes flipped = encode(honest);
    flipped[random.below(64)] ^= static_cast<std::uint8_t>(1U << random.below(8));
    proofs.emplace_back(flipped, false);
  }
  for (const auto& [proof, accepted] : proofs) {
    INFO(to_hex(proof));
    CHECK(statement.verify(proof) == accepted);
    CHECK(kVoprf.verify(public_key, pairs, proof) == accepted);
  }
}

}  // namespace blindbook::oracle
