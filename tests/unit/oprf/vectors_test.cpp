#include <span>

#include <catch2/catch.hpp>

#include "blindbook/group/ristretto255.h"
#include "blindbook/oprf/dleq.h"
#include "blindbook/oprf/multiplicative_blinding_for_testing.h"
#include "blindbook/oprf/oprf.h"
#include "blindbook/oprf/suite.h"
#include "blindbook/oprf/wire.h"

#include "tests/unit/oprf/dleq_for_testing.h"
#include "tests/unit/oprf/vector_file.h"

namespace blindbook::oprf {
namespace {

using G = group::Ristretto255;

constexpr std::string_view kIdentifier = "ristretto255-SHA512";

G::Scalar scalar(const Bytes& bytes) {
  REQUIRE(bytes.size() == G::kScalarBytes);
  auto out = G::decode_scalar(ByteView(bytes).first<G::kScalarBytes>());
  REQUIRE(out.has_value());
  return std::move(*out);
}

G::EncodedElement encoded(const Bytes& bytes) {
  REQUIRE(bytes.size() == G::kElementBytes);
  return G::EncodedElement(ByteView(bytes).first<G::kElementBytes>());
}

G::Element element(const Bytes& bytes) {
  const auto out = G::decode(encoded(bytes));
  REQUIRE(out.has_value());
  return *out;
}

Bytes joined(const std::vector<Bytes>& parts) {
  Bytes out;
  for (const Bytes& part : parts) {
    out.insert(out.end(), part.begin(), part.end());
  }
  return out;
}

}  // namespace

TEST_CASE("rfc 9497 vectors - derive key pair gives skSm and pkSm in both modes") {
  for (const auto& set : test::load_vectors(kIdentifier)) {
    const Context context(static_cast<Mode>(set.mode), set.identifier);
    const auto secret = derive_key_pair<G>(context, set.seed, set.key_info);
    REQUIRE(secret.has_value());
    CHECK(G::equal(*secret, scalar(set.secret_key)));
    if (set.mode == 1) {
      CHECK(G::encode(public_key_of<G>(*secret)) == encoded(set.public_key));
    }
  }
}

TEST_CASE("rfc 9497 vectors - the context gives the group tag of the file") {
  for (const auto& set : test::load_vectors(kIdentifier)) {
    const Context context(static_cast<Mode>(set.mode), set.identifier);
    CHECK(to_hex(context.hash_to_group_dst()) == to_hex(set.group_dst));
  }
}

TEST_CASE("rfc 9497 vectors - blind and evaluate and finalize in both modes") {
  for (const auto& set : test::load_vectors(kIdentifier)) {
    const Context context(static_cast<Mode>(set.mode), set.identifier);
    const G::Scalar secret = scalar(set.secret_key);
    for (const auto& vector : set.vectors) {
      for (std::size_t i = 0; i < vector.inputs.size(); ++i) {
        const G::Scalar blind = scalar(vector.blinds[i]);
        const G::Element blinded = blind_multiplicatively_for_testing<G>(context, vector.inputs[i], blind);
        CHECK(G::encode(blinded).hex() == to_hex(vector.blinded_elements[i]));

        G::EncodedElement evaluated;
        G::multiply_encode_batch(secret, std::span(&blinded, 1), std::span(&evaluated, 1));
        CHECK(evaluated.hex() == to_hex(vector.evaluation_elements[i]));

        const G::Element unblinded =
            unblind_multiplicatively_for_testing<G>(element(vector.evaluation_elements[i]), blind);
        const ByteView input = vector.inputs[i];
        const G::EncodedElement encoded = G::encode(unblinded);
        SecretBytes output;
        finalize<G>({&input, 1}, {&encoded, 1}, {&output, 1});
        CHECK(to_hex(output.expose()) == to_hex(vector.outputs[i]));
      }
    }
  }
}

TEST_CASE("rfc 9497 vectors - evaluation without blinding gives the outputs in both modes") {
  for (const auto& set : test::load_vectors(kIdentifier)) {
    const Context context(static_cast<Mode>(set.mode), set.identifier);
    for (const auto& vector : set.vectors) {
      const std::vector<ByteView> inputs(vector.inputs.begin(), vector.inputs.end());
      std::vector<SecretBytes> outputs(inputs.size());
      evaluate_unblinded<G>(context, scalar(set.secret_key), inputs, outputs);
      for (std::size_t i = 0; i < inputs.size(); ++i) {
        CHECK(to_hex(outputs[i].expose()) == to_hex(vector.outputs[i]));
      }
    }
  }
}

TEST_CASE("rfc 9497 vectors - the proof of every batch is made and verifies") {
  std::size_t proofs = 0;
  for (const auto& set : test::load_vectors(kIdentifier)) {
    if (set.mode != 1) {
      continue;
    }
    const Context context(Mode::kVoprf, set.identifier);
    const G::EncodedElement public_key = encoded(set.public_key);
    for (const auto& vector : set.vectors) {
      std::vector<G::Element> blinded;
      std::vector<G::Element> evaluated;
      for (std::size_t i = 0; i < vector.inputs.size(); ++i) {
        blinded.push_back(element(vector.blinded_elements[i]));
        evaluated.push_back(element(vector.evaluation_elements[i]));
      }
      const auto blinded_encoded = split_elements<G>(joined(vector.blinded_elements));
      const auto evaluated_encoded = split_elements<G>(joined(vector.evaluation_elements));
      const DleqStatement<G> statement{public_key, blinded, blinded_encoded, evaluated_encoded};

      const auto proof = DleqForTesting::generate_with_nonce<G>(context, scalar(set.secret_key), statement,
                                                                scalar(vector.proof_nonce));
      CHECK(to_hex(proof) == to_hex(vector.proof));
      CHECK(Dleq<G>::verify(context, element(set.public_key), evaluated, statement, vector.proof));
      ++proofs;
    }
  }
  CHECK(proofs == 3);
}

TEST_CASE("rfc 9497 vectors - the suite derives the same pair and gives the same outputs") {
  const Suite* suite = find_suite(SuiteId::kRistretto255Sha512);
  REQUIRE(suite != nullptr);
  for (const auto& set : test::load_vectors(suite->name())) {
    if (set.mode != 1) {
      continue;
    }
    REQUIRE(set.seed.size() == 32);
    const auto pair = suite->derive_key_pair(Secret<32>(ByteView(set.seed).first<32>()), set.key_info);
    REQUIRE(pair.has_value());
    CHECK(to_hex(pair->secret.expose()) == to_hex(set.secret_key));
    CHECK(to_hex(pair->public_key.bytes()) == to_hex(set.public_key));
    for (const auto& vector : set.vectors) {
      const std::vector<ByteView> inputs(vector.inputs.begin(), vector.inputs.end());
      std::vector<PrfOutput> outputs(inputs.size());
      suite->evaluate_unblinded(pair->secret, inputs, outputs);
      for (std::size_t i = 0; i < inputs.size(); ++i) {
        CHECK(to_hex(outputs[i].expose()) == to_hex(vector.outputs[i]));
      }
    }
  }
}

}  // namespace blindbook::oprf
