#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "blindbook/oprf/suite.h"

#include "tests/support/deterministic_random.h"
#include "tests/support/freed_memory_watch.h"
#include "tests/unit/oprf/client_secrets.h"

namespace blindbook::oprf {
namespace {

using namespace test;
using test_support::DeterministicRandom;
using test_support::FreedMemoryWatch;

constexpr std::size_t kCount = 3;
constexpr std::uint64_t kSeed = 31;

Bytes copy(ByteView bytes) {
  return {bytes.begin(), bytes.end()};
}

/// Everything that must not be left behind by a client's run with blinding seed kSeed: inputs, masks, the
/// hashed and the unblinded elements as they stand in memory, their encodings, the outputs.
std::vector<Bytes> client_needles(const KeyPair& keys, const std::vector<std::string>& texts) {
  std::vector<Bytes> out;
  const auto key = G::decode_scalar(keys.secret.expose().first<G::kScalarBytes>());
  REQUIRE(key.has_value());
  const std::vector<ContactSecrets> secrets = client_secrets(keys, texts, kSeed);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto& [mask, hashed, output] = secrets[i];
    out.push_back(copy(bytes_of(texts[i])));
    out.push_back(mask);
    Bytes limbs(sizeof hashed);
    std::memcpy(limbs.data(), &hashed, sizeof hashed);
    limbs.resize(32);
    out.push_back(std::move(limbs));
    out.push_back(copy(G::encode(hashed).view()));
    out.push_back(copy(G::encode(G::multiply(*key, hashed)).view()));
    out.push_back(copy(output.expose()));
  }
  return out;
}

std::vector<std::size_t> nothing() {
  return {};
}

}  // namespace

TEST_CASE("the watch finds a secret that was freed unwiped and no wiped one") {
  const std::vector<Bytes> needles{copy(bytes_of("a planted secret"))};
  FreedMemoryWatch watch(needles);
  { const SecretBytes wiped{ByteView(needles[0])}; }
  CHECK(watch.found() == nothing());
  {
    const Bytes leaked(needles[0].begin(), needles[0].end());
    REQUIRE(leaked == needles[0]);
  }
  CHECK(watch.found() == std::vector<std::size_t>{0});
}

TEST_CASE("keys are wiped") {
  const std::vector<Bytes> scalars{copy(key_pair(ristretto255(), 1).secret.expose())};
  FreedMemoryWatch watch(scalars);
  {
    const KeyPair pair = key_pair(ristretto255(), 1);
    auto again = ristretto255().decode_secret_key(pair.secret.expose());
    REQUIRE(again.has_value());
    const SecretKey moved = std::move(again->secret);
    REQUIRE(std::ranges::equal(moved.expose(), scalars[0]));
  }
  CHECK(watch.blocks_searched() > 0);
  CHECK(watch.found() == nothing());
}

TEST_CASE("a scalar is wiped in place when it dies and when it is moved from") {
  alignas(G::Scalar) std::array<std::byte, sizeof(G::Scalar)> place{};
  const auto is_zero = [&] {
    return std::ranges::all_of(place, [](std::byte b) { return b == std::byte{0}; });
  };
  DeterministicRandom random(kSeed);
  auto* scalar = new (place.data()) G::Scalar(random_scalar<G>(random));
  CHECK(!is_zero());
  scalar->~Scalar();
  CHECK(is_zero());
  scalar = new (place.data()) G::Scalar(random_scalar<G>(random));
  {
    const G::Scalar taken = std::move(*scalar);
    CHECK(is_zero());
  }
  scalar->~Scalar();
}

TEST_CASE("a client leaves nothing behind after a whole run") {
  const KeyPair keys = key_pair(ristretto255(), 1);
  const auto texts = numbers(kCount);
  const auto inputs = views(texts);
  const std::vector<Bytes> secrets = client_needles(keys, texts);
  DeterministicRandom random(kSeed);
  DeterministicRandom nonce(1);
  FreedMemoryWatch watch(secrets);
  {
    auto [batch, elements] = ristretto255().blind(inputs, random, keys.public_key);
    const Evaluated answer = answer_of(ristretto255(), elements, keys, nonce);
    auto verified = std::move(batch).verify(answer.elements, answer.proof);
    REQUIRE(verified.has_value());
    const auto outputs = std::move(*verified).finalize();
    REQUIRE(std::ranges::equal(outputs.back().expose(), secrets.back()));
  }
  CHECK(watch.blocks_searched() > 0);
  CHECK(watch.found() == nothing());
}

TEST_CASE("a client leaves nothing behind when verify fails or a batch is dropped or saved or loaded") {
  const KeyPair keys = key_pair(ristretto255(), 1);
  const auto texts = numbers(kCount);
  const auto inputs = views(texts);
  const std::vector<Bytes> secrets = client_needles(keys, texts);
  FreedMemoryWatch watch(secrets);
  {
    DeterministicRandom random(kSeed);
    auto [batch, elements] = ristretto255().blind(inputs, random, keys.public_key);
    const SecretBytes saved = batch.save();
    REQUIRE(text_of(saved.expose()).find(text_of(secrets[1])) != std::string_view::npos);
    const auto loaded = ClientBatch::load(ristretto255(), saved.expose());
    REQUIRE(loaded.has_value());
    const auto failed = std::move(batch).verify(elements, Bytes(64));
    REQUIRE(!failed.has_value());
    CHECK(watch.found() == nothing());  // the masks went with the failed batch
    SecretBytes altered = saved.duplicate();
    altered.expose_mutable().back() ^= 1;
    REQUIRE(!ClientBatch::load(ristretto255(), altered.expose()).has_value());
  }
  CHECK(watch.blocks_searched() > 0);
  CHECK(watch.found() == nothing());
}

TEST_CASE("evaluation without blinding leaves nothing behind") {
  const KeyPair keys = key_pair(ristretto255(), 1);
  const auto texts = numbers(kCount);
  const auto inputs = views(texts);
  std::vector<Bytes> secrets = client_needles(keys, texts);
  secrets.push_back(copy(keys.secret.expose()));
  FreedMemoryWatch watch(secrets);
  {
    std::vector<PrfOutput> outputs(kCount);
    ristretto255().evaluate_unblinded(keys.secret, inputs, outputs);
    REQUIRE(outputs[0].size() == 64);
  }
  CHECK(watch.blocks_searched() > 0);
  CHECK(watch.found() == nothing());
}

}  // namespace blindbook::oprf
