#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "blindbook/oprf/suite.h"

#include "tests/support/deterministic_random.h"
#include "tests/unit/oprf/exchange.h"

namespace blindbook::oprf {
namespace {

using test::answer_of;
using test::key_pair;
using test::numbers;
using test::ristretto255;
using test::unblinded_outputs;
using test::views;
using test_support::DeterministicRandom;

/// One batch of a client, as bytes, so that it can be answered many times, and its honest answer.
class Exchange {
 public:
  explicit Exchange(std::size_t count, std::uint64_t seed = 21)
      : random(seed), texts(numbers(count)), keys(key_pair(ristretto255(), 1)) {
    auto [batch, message] = ristretto255().blind(views(texts), random, keys.public_key);
    saved = batch.save();
    elements = std::move(message);
    answer = answer_of(ristretto255(), elements, keys, random);
  }

  [[nodiscard]] ClientBatch batch() const {
    auto loaded = ClientBatch::load(ristretto255(), saved.expose());
    REQUIRE(loaded.has_value());
    return std::move(*loaded);
  }

  /// The rule that rejects this answer to batch().
  [[nodiscard]] std::string_view rejected_by(ByteView evaluated, ByteView proof) const {
    const auto verified = batch().verify(evaluated, proof);
    if (verified) {
      return "nothing";
    }
    CHECK(verified.error().fault == Fault::kPeerMisbehaved);
    return verified.error().rule;
  }

  DeterministicRandom random;
  std::vector<std::string> texts;
  KeyPair keys;
  SecretBytes saved;
  Bytes elements;
  Evaluated answer;
};

/// bytes + l as a little-endian integer of 32 bytes: the same scalar, not canonical.
Bytes plus_order(ByteView bytes) {
  const Bytes order = from_hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010").value();
  Bytes out(32);
  unsigned carry = 0;
  for (std::size_t i = 0; i < 32; ++i) {
    carry += bytes[i] + unsigned{order[i]};
    out[i] = static_cast<std::uint8_t>(carry);
    carry >>= 8;
  }
  REQUIRE(carry == 0);
  return out;
}

Bytes concatenated(ByteView a, ByteView b) {
  Bytes out(a.begin(), a.end());
  out.insert(out.end(), b.begin(), b.end());
  return out;
}

}  // namespace

TEST_CASE("verify takes the honest answer") {
  const Exchange exchange(5);
  CHECK(exchange.rejected_by(exchange.answer.elements, exchange.answer.proof) == "nothing");
}

TEST_CASE("verify rejects swapped elements") {
  const Exchange exchange(5);
  Bytes swapped = exchange.answer.elements;
  std::swap_ranges(swapped.begin(), swapped.begin() + 32, swapped.begin() + 32);
  CHECK(exchange.rejected_by(swapped, exchange.answer.proof) == "oprf.proof");
}

TEST_CASE("verify rejects one element evaluated with another key wherever it stands") {
  Exchange exchange(5);
  const KeyPair other = key_pair(ristretto255(), 2);
  const Evaluated foreign = answer_of(ristretto255(), exchange.elements, other, exchange.random);
  for (std::ptrdiff_t i = 0; i < 5; ++i) {
    Bytes mixed = exchange.answer.elements;
    std::copy_n(foreign.elements.begin() + 32 * i, 32, mixed.begin() + 32 * i);
    CHECK(exchange.rejected_by(mixed, exchange.answer.proof) == "oprf.proof");
  }
}

TEST_CASE("verify rejects a proof over elements that a cheating server replaced before proving") {
  // The server evaluates the last element with another key and folds that answer into the proof: caught
  // because the weights bind every pair.
  Exchange exchange(4);
  const KeyPair other = key_pair(ristretto255(), 2);
  auto job = ristretto255().decode_batch(exchange.elements, 4);
  REQUIRE(job.has_value());
  (*job)->evaluate(exchange.keys.secret, 0, 3);
  (*job)->evaluate(other.secret, 3, 4);
  const auto mixed = std::move(**job).finish(exchange.keys.secret, exchange.keys.public_key, exchange.random);
  REQUIRE(mixed.has_value());
  CHECK(exchange.rejected_by(mixed->elements, mixed->proof) == "oprf.proof");
}

TEST_CASE("verify rejects an honest answer under another public key") {
  Exchange exchange(5);
  const KeyPair other = key_pair(ristretto255(), 2);
  const Evaluated foreign = answer_of(ristretto255(), exchange.elements, other, exchange.random);
  CHECK(exchange.rejected_by(foreign.elements, foreign.proof) == "oprf.proof");
}

TEST_CASE("verify rejects a proof with a flipped bit in any byte of either half") {
  const Exchange exchange(2);
  for (std::size_t i = 0; i < exchange.answer.proof.size(); ++i) {
    Bytes flipped = exchange.answer.proof;
    flipped[i] ^= 0x01;
    CHECK(exchange.rejected_by(exchange.answer.elements, flipped) == "oprf.proof");
  }
}

TEST_CASE("verify rejects a proof whose scalars are not canonical") {
  const Exchange exchange(2);
  const ByteView challenge = ByteView(exchange.answer.proof).first(32);
  const ByteView response = ByteView(exchange.answer.proof).last(32);
  CHECK(exchange.rejected_by(exchange.answer.elements, concatenated(plus_order(challenge), response)) ==
        "oprf.proof");
  CHECK(exchange.rejected_by(exchange.answer.elements, concatenated(challenge, plus_order(response))) ==
        "oprf.proof");
}

TEST_CASE("verify rejects the proof of zeros") {
  const Exchange exchange(2);
  CHECK(exchange.rejected_by(exchange.answer.elements, Bytes(64)) == "oprf.proof");
}

TEST_CASE("verify rejects an answer of another length") {
  const Exchange exchange(3);
  const ByteView elements = exchange.answer.elements;
  const ByteView proof = exchange.answer.proof;
  CHECK(exchange.rejected_by(elements.first(64), proof) == "oprf.count");
  CHECK(exchange.rejected_by(concatenated(elements, elements.first(32)), proof) == "oprf.count");
  CHECK(exchange.rejected_by(elements.first(95), proof) == "oprf.count");
  CHECK(exchange.rejected_by({}, proof) == "oprf.count");
  CHECK(exchange.rejected_by(elements, proof.first(63)) == "oprf.count");
  CHECK(exchange.rejected_by(elements, concatenated(proof, Bytes(1))) == "oprf.count");
  CHECK(exchange.rejected_by(elements, {}) == "oprf.count");
}

TEST_CASE("verify rejects the answer to another batch of the same inputs") {
  const Exchange exchange(3);
  const Exchange another(3, 22);
  REQUIRE(exchange.elements != another.elements);
  CHECK(exchange.rejected_by(another.answer.elements, another.answer.proof) == "oprf.proof");
}

TEST_CASE("verify rejects the identity and non-canonical elements") {
  const Exchange exchange(3);
  for (const std::uint8_t byte : Bytes{0x00, 0xff}) {
    Bytes bad = exchange.answer.elements;
    std::fill_n(bad.begin() + 64, 32, byte);
    CHECK(exchange.rejected_by(bad, exchange.answer.proof) == "oprf.element");
  }
  Bytes high_bit = exchange.answer.elements;
  high_bit[31] |= 0x80;
  CHECK(exchange.rejected_by(high_bit, exchange.answer.proof) == "oprf.element");
}

TEST_CASE("verify leaves nothing usable behind when it fails") {
  const Exchange exchange(3);
  ClientBatch batch = exchange.batch();
  const auto failed = std::move(batch).verify(exchange.answer.elements, Bytes(64));
  REQUIRE(!failed.has_value());
  CHECK(batch.count() == 0);  // NOLINT(bugprone-use-after-move): what is left is the point
  CHECK(batch.elements().empty());
  CHECK(batch.save().empty());
  const auto again = std::move(batch).verify(exchange.answer.elements, exchange.answer.proof);
  REQUIRE(!again.has_value());
  CHECK(again.error().fault == Fault::kApiMisuse);
  CHECK(again.error().rule == "oprf.consumed");
}

TEST_CASE("a verified batch finalizes once") {
  const Exchange exchange(3);
  auto verified = exchange.batch().verify(exchange.answer.elements, exchange.answer.proof);
  REQUIRE(verified.has_value());
  CHECK(std::move(*verified).finalize() ==
        unblinded_outputs(ristretto255(), exchange.keys, views(exchange.texts)));
  CHECK(
      std::move(*verified).finalize().empty());  // NOLINT(bugprone-use-after-move): what is left is the point
}

}  // namespace blindbook::oprf
