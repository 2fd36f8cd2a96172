#include <algorithm>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "blindbook/group/ristretto255.h"
#include "blindbook/oprf/context.h"
#include "blindbook/oprf/multiplicative_blinding_for_testing.h"
#include "blindbook/oprf/oprf.h"
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

std::vector<PrfOutput> outputs_of(ClientBatch batch, const Evaluated& answer) {
  auto verified = std::move(batch).verify(answer.elements, answer.proof);
  REQUIRE(verified.has_value());
  return std::move(*verified).finalize();
}

}  // namespace

TEST_CASE("blinded path equals the unblinded one for random sizes and inputs") {
  DeterministicRandom random(11);
  std::vector<std::size_t> sizes{1, 2, 70};
  for (int i = 0; i < 12; ++i) {
    sizes.push_back(1 + random.below(70));
  }
  for (const std::size_t size : sizes) {
    const KeyPair keys = key_pair(ristretto255(), static_cast<std::uint8_t>(random.below(256)));
    std::vector<Bytes> contents;
    for (std::size_t i = 0; i < size; ++i) {
      contents.push_back(random.bytes(random.below(40)));  // equal and empty inputs are legal
    }
    const std::vector<ByteView> inputs(contents.begin(), contents.end());
    auto [batch, elements] = ristretto255().blind(inputs, random, keys.public_key);
    CHECK(batch.count() == size);
    CHECK(std::ranges::equal(batch.elements(), elements));
    const Evaluated answer = answer_of(ristretto255(), elements, keys, random);
    const auto outputs = outputs_of(std::move(batch), answer);
    CHECK(outputs == unblinded_outputs(ristretto255(), keys, inputs));
  }
}

TEST_CASE("additive and multiplicative blinding give the same outputs") {
  using G = group::Ristretto255;
  DeterministicRandom random(5);
  const KeyPair keys = key_pair(ristretto255(), 1);
  const auto texts = numbers(8);
  auto [batch, elements] = ristretto255().blind(views(texts), random, keys.public_key);
  const auto additive = outputs_of(std::move(batch), answer_of(ristretto255(), elements, keys, random));

  const Context context(Mode::kVoprf, ristretto255().name());
  const auto secret = G::decode_scalar(keys.secret.expose().first<G::kScalarBytes>());
  REQUIRE(secret.has_value());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const G::Scalar blind = random_scalar<G>(random);
    const G::Element blinded = blind_multiplicatively_for_testing<G>(context, bytes_of(texts[i]), blind);
    const G::Element unblinded =
        unblind_multiplicatively_for_testing<G>(G::multiply(*secret, blinded), blind);
    const ByteView input = bytes_of(texts[i]);
    const G::EncodedElement encoded = G::encode(unblinded);
    SecretBytes output;
    finalize<G>({&input, 1}, {&encoded, 1}, {&output, 1});
    CHECK(output == additive[i]);
  }
}

TEST_CASE("masks are drawn together") {
  // Each call is an entry into the system's source, which takes longer than what is drawn.
  class CountingRandom final : public RandomSource {
   public:
    void fill(MutableBytes out) override {
      ++calls;
      random_.fill(out);
    }
    std::size_t calls = 0;

   private:
    DeterministicRandom random_{5};
  };
  const KeyPair keys = key_pair(ristretto255(), 1);
  const auto texts = numbers(700);
  CountingRandom counted;
  const Bytes elements = ristretto255().blind(views(texts), counted, keys.public_key).elements;
  CHECK(counted.calls == 3);
  // And they are those that would be drawn one by one.
  DeterministicRandom random(5);
  const auto job = ristretto255().begin_blinding(views(texts), keys.public_key);
  while (job->done() < job->count()) {
    job->step(1, random);
  }
  CHECK(std::move(*job).finish().value().elements == elements);
}

TEST_CASE("blinding the same inputs again gives another message") {
  DeterministicRandom random(5);
  const KeyPair keys = key_pair(ristretto255(), 1);
  const auto texts = numbers(3);
  const Bytes first = ristretto255().blind(views(texts), random, keys.public_key).elements;
  const Bytes second = ristretto255().blind(views(texts), random, keys.public_key).elements;
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(!std::equal(first.begin() + 32 * static_cast<std::ptrdiff_t>(i),
                      first.begin() + 32 * static_cast<std::ptrdiff_t>(i + 1),
                      second.begin() + 32 * static_cast<std::ptrdiff_t>(i)));
  }
}

TEST_CASE("outputs differ between keys and between inputs") {
  const auto texts = numbers(2);
  const auto a = unblinded_outputs(ristretto255(), key_pair(ristretto255(), 1), views(texts));
  const auto b = unblinded_outputs(ristretto255(), key_pair(ristretto255(), 2), views(texts));
  CHECK(a[0].size() == 64);
  CHECK(!(a[0] == a[1]));
  CHECK(!(a[0] == b[0]));
}

TEST_CASE("an empty batch is blinded to nothing and no answer fits it") {
  DeterministicRandom random(5);
  const KeyPair keys = key_pair(ristretto255(), 1);
  auto [batch, elements] = ristretto255().blind({}, random, keys.public_key);
  CHECK(batch.count() == 0);
  CHECK(elements.empty());
  const auto verified = std::move(batch).verify({}, Bytes(64));
  REQUIRE(!verified.has_value());
  CHECK(verified.error().rule == "oprf.count");
}

TEST_CASE("a saved batch loads and finalizes to the same outputs") {
  DeterministicRandom random(6);
  const KeyPair keys = key_pair(ristretto255(), 1);
  for (const std::size_t size : std::vector<std::size_t>{0, 1, 2, 17}) {
    const auto texts = numbers(size);
    auto [batch, elements] = ristretto255().blind(views(texts), random, keys.public_key);
    const SecretBytes saved = batch.save();
    auto loaded = ClientBatch::load(ristretto255(), saved.expose());
    REQUIRE(loaded.has_value());
    CHECK(loaded->count() == size);
    CHECK(std::ranges::equal(loaded->elements(), elements));
    CHECK(loaded->save() == saved);
    if (size > 0) {
      const Evaluated answer = answer_of(ristretto255(), elements, keys, random);
      CHECK(outputs_of(std::move(*loaded), answer) == unblinded_outputs(ristretto255(), keys, views(texts)));
    }
  }
}

TEST_CASE("a truncated or extended saved batch does not load") {
  DeterministicRandom random(6);
  const auto texts = numbers(2);
  const KeyPair keys = key_pair(ristretto255(), 1);
  const SecretBytes saved = ristretto255().blind(views(texts), random, keys.public_key).batch.save();
  for (std::size_t size = 0; size < saved.size(); ++size) {
    const auto loaded = ClientBatch::load(ristretto255(), saved.expose().first(size));
    REQUIRE(!loaded.has_value());
    CHECK(loaded.error().fault == Fault::kBadInput);
    CHECK(loaded.error().rule == "oprf.saved-batch");
  }
  Bytes longer(saved.expose().begin(), saved.expose().end());
  longer.push_back(0);
  CHECK(!ClientBatch::load(ristretto255(), longer).has_value());
}

TEST_CASE("a saved batch with any byte altered does not load or fails to verify") {
  DeterministicRandom random(6);
  const auto texts = numbers(2);
  const KeyPair keys = key_pair(ristretto255(), 1);
  const auto [batch, elements] = ristretto255().blind(views(texts), random, keys.public_key);
  const SecretBytes saved = batch.save();
  const Evaluated answer = answer_of(ristretto255(), elements, keys, random);
  for (std::size_t i = 0; i < saved.size(); ++i) {
    for (const std::uint8_t flip : Bytes{0x01, 0x80}) {
      Bytes altered(saved.expose().begin(), saved.expose().end());
      altered[i] ^= flip;
      auto loaded = ClientBatch::load(ristretto255(), altered);
      if (loaded) {
        // Bytes 2..33 are the public key, which the answer vouches for.
        CHECK(i >= 2);
        CHECK(i < 34);
        const auto verified = std::move(*loaded).verify(answer.elements, answer.proof);
        REQUIRE(!verified.has_value());
        CHECK(verified.error().rule == "oprf.proof");
      } else {
        CHECK(loaded.error().rule == "oprf.saved-batch");
      }
    }
  }
}

TEST_CASE("a saved batch that claims many inputs is refused before anything is allocated") {
  DeterministicRandom random(6);
  const KeyPair keys = key_pair(ristretto255(), 1);
  const SecretBytes saved = ristretto255().blind({}, random, keys.public_key).batch.save();
  Bytes altered(saved.expose().begin(), saved.expose().end());
  REQUIRE(altered.size() == 36);
  altered[34] = altered[35] = 0xff;
  CHECK(!ClientBatch::load(ristretto255(), altered).has_value());
}

}  // namespace blindbook::oprf
