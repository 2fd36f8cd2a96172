// The slow OPRF against the vectors of its RFC: a wrong oracle proves nothing.
#include "tests/oracle/oprf_oracle.h"

#include <catch2/catch.hpp>

#include "tests/support/vectors.h"
#include "tests/unit/oprf/vector_file.h"

namespace blindbook::oracle {
namespace {

constexpr std::string_view kSuite = "ristretto255-SHA512";

Point decoded(ByteView bytes) {
  const auto point = decode(bytes);
  REQUIRE(point);
  return *point;
}

Pairs pairs_of(const oprf::test::Vector& vector) {
  Pairs pairs;
  for (std::size_t i = 0; i < vector.inputs.size(); ++i) {
    pairs.blinded.push_back(decoded(vector.blinded_elements[i]));
    pairs.evaluated.push_back(decoded(vector.evaluation_elements[i]));
  }
  return pairs;
}

}  // namespace

TEST_CASE("oracle expand message is that of rfc 9380") {
  const auto file = test_support::read_vectors("rfc9380-expand-message-xmd-sha512-38.json");
  const auto dst = file.at("DST").get<std::string>();
  REQUIRE(file.at("tests").size() == 10);
  for (const auto& vector : file.at("tests")) {
    const auto message = vector.at("msg").get<std::string>();
    const std::size_t length = test_support::hex_bytes(vector.at("uniform_bytes")).size();
    CHECK(to_hex(expand_message_xmd(bytes_of(message), bytes_of(dst), length)) == vector.at("uniform_bytes"));
  }
}

TEST_CASE("oracle keys and blinds and outputs are those of rfc 9497 in both modes") {
  std::size_t outputs = 0;
  for (const auto& set : oprf::test::load_vectors(kSuite)) {
    const Oprf oprf(static_cast<std::uint8_t>(set.mode));
    const Integer key = oprf.derive_key(set.seed, set.key_info);
    CHECK(to_hex(to_little_endian(key)) == to_hex(set.secret_key));
    if (set.mode == 1) {
      CHECK(to_hex(encode(multiply(key, generator()))) == to_hex(set.public_key));
    }
    for (const auto& vector : set.vectors) {
      for (std::size_t i = 0; i < vector.inputs.size(); ++i) {
        const Integer blind = from_little_endian(vector.blinds[i]);
        const Point blinded = oprf.blind(vector.inputs[i], blind);
        CHECK(to_hex(encode(blinded)) == to_hex(vector.blinded_elements[i]));
        const Point evaluated = multiply(key, blinded);
        CHECK(to_hex(encode(evaluated)) == to_hex(vector.evaluation_elements[i]));
        CHECK(to_hex(oprf.finalize(vector.inputs[i], blind, evaluated)) == to_hex(vector.outputs[i]));
        CHECK(to_hex(oprf.evaluate(key, vector.inputs[i])) == to_hex(vector.outputs[i]));
        ++outputs;
      }
    }
  }
  CHECK(outputs == 6);
}

TEST_CASE("oracle proofs are those of rfc 9497 and verify") {
  std::size_t proofs = 0;
  for (const auto& set : oprf::test::load_vectors(kSuite)) {
    if (set.mode != 1) {
      continue;
    }
    const Oprf oprf(1);
    const Integer key = from_little_endian(set.secret_key);
    for (const auto& vector : set.vectors) {
      const Pairs pairs = pairs_of(vector);
      const Proof proof = oprf.prove(key, pairs, from_little_endian(vector.proof_nonce));
      CHECK(to_hex(encode(proof)) == to_hex(vector.proof));
      CHECK(oprf.verify(decoded(set.public_key), pairs, vector.proof));
      ++proofs;
    }
  }
  CHECK(proofs == 3);
}

TEST_CASE("oracle refuses a proof of another key and one of another batch") {
  const auto sets = oprf::test::load_vectors(kSuite);
  const auto& set = sets.back();
  REQUIRE(set.mode == 1);
  const Oprf oprf(1);
  const auto& vector = set.vectors.back();
  REQUIRE(vector.inputs.size() == 2);
  const Pairs pairs = pairs_of(vector);
  CHECK_FALSE(oprf.verify(generator(), pairs, vector.proof));
  CHECK_FALSE(oprf.verify(decoded(set.public_key), pairs_of(set.vectors.front()), vector.proof));
  Pairs swapped = pairs;
  std::swap(swapped.blinded[0], swapped.blinded[1]);
  CHECK_FALSE(oprf.verify(decoded(set.public_key), swapped, vector.proof));
}

}  // namespace blindbook::oracle
