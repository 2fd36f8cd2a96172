#include "blindbook/oprf/suite.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

#include <catch2/catch.hpp>

#include "blindbook/oprf/suite_of.h"

#include "tests/support/backward_workers.h"
#include "tests/support/deterministic_random.h"
#include "tests/unit/oprf/exchange.h"
#include "tests/unit/oprf/toy_group.h"

namespace blindbook::oprf {
namespace {

using test::answer_of;
using test::key_pair;
using test::numbers;
using test::ristretto255;
using test::unblinded_outputs;
using test::views;
using test_support::BackwardWorkers;
using test_support::DeterministicRandom;

static_assert(!std::is_copy_constructible_v<SecretKey>);
static_assert(!std::is_copy_constructible_v<ClientBatch>);
static_assert(!std::is_copy_constructible_v<VerifiedBatch>);
static_assert(std::is_nothrow_move_constructible_v<SecretKey>);
static_assert(std::is_nothrow_move_constructible_v<ClientBatch>);
static_assert(std::is_copy_constructible_v<PublicKey>);
static_assert(!std::is_default_constructible_v<PublicKey>);

const std::string kOrder = "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";
const std::string kOrderMinusOne = "ecd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";

Bytes hex(const std::string& text) {
  return from_hex(text).value();
}

/// The toy group under the id of another suite.
const Suite& toy_suite() {
  static const SuiteOf<test::ToyGroup> suite(SuiteId::kP256Sha256, "toy-SHA256", "toy-sha256");
  return suite;
}

}  // namespace

TEST_CASE("suite is found by id and by its name on the command line") {
  const Suite& suite = ristretto255();
  CHECK(suite.id() == SuiteId::kRistretto255Sha512);
  CHECK(suite.name() == "ristretto255-SHA512");
  CHECK(find_suite_by_cli_name("ristretto255-sha512") == &suite);
  CHECK(find_suite_by_cli_name("ristretto255-SHA512") == nullptr);
  CHECK(find_suite_by_cli_name("") == nullptr);
  CHECK(find_suite(static_cast<SuiteId>(0)) == nullptr);
  CHECK(suite.sizes() == SuiteSizes{.element = 32, .scalar = 32, .proof = 64, .output = 64});
}

TEST_CASE("secret key decoding takes what expose gave and finds the public key") {
  const KeyPair pair = key_pair(ristretto255(), 1);
  const auto again = ristretto255().decode_secret_key(pair.secret.expose());
  REQUIRE(again.has_value());
  CHECK(again->public_key == pair.public_key);
  CHECK(std::ranges::equal(again->secret.expose(), pair.secret.expose()));
  CHECK(ristretto255().decode_secret_key(hex(kOrderMinusOne)).has_value());
}

TEST_CASE("secret key decoding rejects zero and non-canonical scalars and other lengths") {
  for (const Bytes& bad : {Bytes(32), hex(kOrder), Bytes(32, 0xff), Bytes(31, 1), Bytes(33), Bytes()}) {
    const auto pair = ristretto255().decode_secret_key(bad);
    REQUIRE(!pair.has_value());
    CHECK(pair.error().fault == Fault::kBadInput);
    CHECK(pair.error().rule == "oprf.secret-key");
  }
}

TEST_CASE("public key decoding takes a derived key") {
  const KeyPair pair = key_pair(ristretto255(), 1);
  const auto decoded = ristretto255().decode_public_key(pair.public_key.bytes());
  REQUIRE(decoded.has_value());
  CHECK(*decoded == pair.public_key);
  CHECK(decoded->suite() == SuiteId::kRistretto255Sha512);
  CHECK(*decoded != key_pair(ristretto255(), 2).public_key);
}

TEST_CASE("public key decoding rejects the identity and non-canonical elements and other lengths") {
  const KeyPair pair = key_pair(ristretto255(), 1);
  Bytes high_bit(pair.public_key.bytes().begin(), pair.public_key.bytes().end());
  high_bit[31] |= 0x80;
  for (const Bytes& bad : {Bytes(32), Bytes(32, 0xff), high_bit, Bytes(31, 2), Bytes(33, 2), Bytes()}) {
    const auto key = ristretto255().decode_public_key(bad);
    REQUIRE(!key.has_value());
    CHECK(key.error().fault == Fault::kPeerMisbehaved);
    CHECK(key.error().rule == "oprf.public-key");
  }
}

TEST_CASE("derive key pair depends on seed and info and refuses an info that cannot be framed") {
  const Secret<32> seed;
  const auto a = ristretto255().derive_key_pair(seed, bytes_of("a"));
  const auto b = ristretto255().derive_key_pair(seed, bytes_of("b"));
  REQUIRE(a.has_value());
  REQUIRE(b.has_value());
  CHECK(a->public_key != b->public_key);
  CHECK(key_pair(ristretto255(), 1).public_key != key_pair(ristretto255(), 2).public_key);
  CHECK(ristretto255().derive_key_pair(seed, Bytes(65535)).has_value());
  const auto too_long = ristretto255().derive_key_pair(seed, Bytes(65536));
  REQUIRE(!too_long.has_value());
  CHECK(too_long.error().rule == "oprf.key-info");
}

TEST_CASE("request decoding rejects a length that does not fit the count") {
  DeterministicRandom random(1);
  const KeyPair keys = key_pair(ristretto255(), 1);
  const auto texts = numbers(2);
  const Bytes elements = ristretto255().blind(views(texts), random, keys.public_key).elements;
  const auto rule = [&](ByteView bytes, std::size_t count) {
    const auto job = ristretto255().decode_batch(bytes, count);
    REQUIRE(!job.has_value());
    CHECK(job.error().fault == Fault::kPeerMisbehaved);
    return job.error().rule;
  };
  CHECK(rule(elements, 1) == "oprf.count");
  CHECK(rule(elements, 3) == "oprf.count");
  CHECK(rule(ByteView(elements).first(63), 2) == "oprf.count");
  CHECK(rule({}, 0) == "oprf.count");
  CHECK(rule(Bytes(std::size_t{65536} * 32), 65536) == "oprf.count");
  // 2^59 * 32 wraps around to 0 bytes.
  CHECK(rule({}, std::size_t{1} << 59) == "oprf.count");
}

TEST_CASE("request decoding names the first element that is the identity or not canonical") {
  DeterministicRandom random(1);
  const KeyPair keys = key_pair(ristretto255(), 1);
  const auto texts = numbers(20);
  const Bytes elements = ristretto255().blind(views(texts), random, keys.public_key).elements;
  for (const std::size_t index : std::vector<std::size_t>{0, 7, 19}) {
    for (const std::uint8_t byte : Bytes{0x00, 0xff}) {
      Bytes bad = elements;
      std::fill_n(bad.begin() + static_cast<std::ptrdiff_t>(32 * index), 32, byte);
      const auto job = ristretto255().decode_batch(bad, 20);
      REQUIRE(!job.has_value());
      CHECK(job.error().fault == Fault::kPeerMisbehaved);
      CHECK(job.error().rule == "oprf.element");
      CHECK(job.error().message.starts_with("element " + std::to_string(index) + " "));
    }
  }
}

TEST_CASE("whoever shares the decoding, the first bad element is named") {
  DeterministicRandom random(1);
  const KeyPair keys = key_pair(ristretto255(), 1);
  const auto texts = numbers(512);
  const Bytes elements = ristretto255().blind(views(texts), random, keys.public_key).elements;
  for (const std::size_t available : {1U, 2U, 3U, 4U, 9U}) {
    BackwardWorkers workers(available);
    REQUIRE(ristretto255().decode_batch(elements, 512, workers).has_value());
    CHECK(workers.most_parts() == std::min<std::size_t>(available, 4));
    for (const std::size_t index : std::vector<std::size_t>{0, 127, 128, 255, 256, 511}) {
      Bytes bad = elements;
      std::fill_n(bad.begin() + static_cast<std::ptrdiff_t>(32 * index), 32, std::uint8_t{0});
      std::fill_n(bad.end() - 32, 32, std::uint8_t{0xff});
      const auto job = ristretto255().decode_batch(bad, 512, workers);
      REQUIRE(!job.has_value());
      CHECK(job.error().message.starts_with("element " + std::to_string(index) + " "));
    }
  }
}

TEST_CASE("whoever shares the proof, the answer is the same") {
  DeterministicRandom random(3);
  const KeyPair keys = key_pair(ristretto255(), 1);
  for (const std::size_t count : {1U, 255U, 512U, 800U}) {
    const auto texts = numbers(count);
    const Bytes elements = ristretto255().blind(views(texts), random, keys.public_key).elements;
    DeterministicRandom nonce(4);
    const Evaluated alone = answer_of(ristretto255(), elements, keys, nonce);
    for (const std::size_t available : {2U, 3U, 9U}) {
      BackwardWorkers workers(available);
      auto job = ristretto255().decode_batch(elements, count, workers).value();
      job->evaluate(keys.secret, 0, count);
      DeterministicRandom same_nonce(4);
      BackwardWorkers provers(available);
      const auto shared = std::move(*job).finish(keys.secret, keys.public_key, same_nonce, provers).value();
      CHECK(shared.elements == alone.elements);
      CHECK(shared.proof == alone.proof);
      CHECK(provers.most_parts() == std::max<std::size_t>(std::min(available, count / 256), 1));
    }
  }
}

TEST_CASE("blinding gives the same request for any cut into slices") {
  const KeyPair keys = key_pair(ristretto255(), 1);
  const auto texts = numbers(33);
  DeterministicRandom random(3);
  const Bytes whole = ristretto255().blind(views(texts), random, keys.public_key).elements;
  for (const std::size_t slice : {1U, 5U, 32U, 40U}) {
    DeterministicRandom same_random(3);
    const auto job = ristretto255().begin_blinding(views(texts), keys.public_key);
    CHECK(job->count() == 33);
    while (job->done() < job->count()) {
      job->step(slice, same_random);
    }
    CHECK(std::move(*job).finish().value().elements == whole);
  }
}

TEST_CASE("a batch that is not wholly blinded gives no request") {
  const KeyPair keys = key_pair(ristretto255(), 1);
  const auto texts = numbers(3);
  DeterministicRandom random(3);
  const auto job = ristretto255().begin_blinding(views(texts), keys.public_key);
  job->step(2, random);
  CHECK(job->done() == 2);
  const auto blinded = std::move(*job).finish();
  REQUIRE(!blinded.has_value());
  CHECK(blinded.error().fault == Fault::kApiMisuse);
  CHECK(blinded.error().rule == "oprf.not-blinded");
}

TEST_CASE("evaluation gives the same answer for any cut into slices") {
  DeterministicRandom random(3);
  const KeyPair keys = key_pair(ristretto255(), 1);
  const auto texts = numbers(33);
  const Bytes elements = ristretto255().blind(views(texts), random, keys.public_key).elements;
  DeterministicRandom nonce(4);
  const Evaluated whole = answer_of(ristretto255(), elements, keys, nonce);
  for (int round = 0; round < 10; ++round) {
    auto job = ristretto255().decode_batch(elements, 33);
    REQUIRE(job.has_value());
    std::vector<std::size_t> cuts{0, 33};
    for (int i = 0; i < 4; ++i) {
      cuts.push_back(random.below(34));  // equal cuts give empty slices
    }
    std::ranges::sort(cuts);
    for (std::size_t i = cuts.size() - 1; i > 0; --i) {
      (*job)->evaluate(keys.secret, cuts[i - 1], cuts[i]);
    }
    DeterministicRandom same_nonce(4);
    const auto cut = std::move(**job).finish(keys.secret, keys.public_key, same_nonce);
    REQUIRE(cut.has_value());
    CHECK(cut->elements == whole.elements);
    CHECK(cut->proof == whole.proof);
  }
}

TEST_CASE("evaluation of disjoint slices may run in several threads") {
  DeterministicRandom random(3);
  const KeyPair keys = key_pair(ristretto255(), 1);
  const auto texts = numbers(40);
  const Bytes elements = ristretto255().blind(views(texts), random, keys.public_key).elements;
  auto job = ristretto255().decode_batch(elements, 40);
  REQUIRE(job.has_value());
  {
    std::vector<std::jthread> threads;
    for (const auto& [first, last] : {std::pair{0U, 13U}, std::pair{13U, 14U}, std::pair{14U, 40U}}) {
      threads.emplace_back([&, first = first, last = last] { (*job)->evaluate(keys.secret, first, last); });
    }
  }
  DeterministicRandom nonce(4);
  DeterministicRandom same_nonce(4);
  const auto threaded = std::move(**job).finish(keys.secret, keys.public_key, nonce);
  REQUIRE(threaded.has_value());
  CHECK(threaded->elements == answer_of(ristretto255(), elements, keys, same_nonce).elements);
}

TEST_CASE("finish refuses a batch with an element that was not evaluated") {
  DeterministicRandom random(1);
  const KeyPair keys = key_pair(ristretto255(), 1);
  const auto texts = numbers(3);
  const Bytes elements = ristretto255().blind(views(texts), random, keys.public_key).elements;
  auto job = ristretto255().decode_batch(elements, 3);
  REQUIRE(job.has_value());
  (*job)->evaluate(keys.secret, 0, 1);
  (*job)->evaluate(keys.secret, 2, 3);
  const auto evaluated = std::move(**job).finish(keys.secret, keys.public_key, random);
  REQUIRE(!evaluated.has_value());
  CHECK(evaluated.error().fault == Fault::kApiMisuse);
  CHECK(evaluated.error().rule == "oprf.not-evaluated");
}

TEST_CASE("finish refuses a public key of another secret key") {
  DeterministicRandom random(1);
  const KeyPair keys = key_pair(ristretto255(), 1);
  const auto texts = numbers(1);
  const Bytes elements = ristretto255().blind(views(texts), random, keys.public_key).elements;
  auto job = ristretto255().decode_batch(elements, 1);
  REQUIRE(job.has_value());
  (*job)->evaluate(keys.secret, 0, 1);
  const auto evaluated = std::move(**job).finish(keys.secret, key_pair(ristretto255(), 2).public_key, random);
  REQUIRE(!evaluated.has_value());
  CHECK(evaluated.error().fault == Fault::kApiMisuse);
  CHECK(evaluated.error().rule == "oprf.key-mismatch");
}

TEST_CASE("calls that only a wrong program makes throw invalid argument") {
  DeterministicRandom random(1);
  const KeyPair keys = key_pair(ristretto255(), 1);
  const KeyPair foreign = key_pair(toy_suite(), 1);
  const auto texts = numbers(2);
  const auto inputs = views(texts);
  std::vector<PrfOutput> outputs(2);
  const Bytes elements = ristretto255().blind(inputs, random, keys.public_key).elements;
  const auto job = ristretto255().decode_batch(elements, 2);
  REQUIRE(job.has_value());
  CHECK_THROWS_AS((*job)->evaluate(keys.secret, 0, 3), std::invalid_argument);
  CHECK_THROWS_AS((*job)->evaluate(keys.secret, 2, 1), std::invalid_argument);
  CHECK_THROWS_AS((*job)->evaluate(foreign.secret, 0, 2), std::invalid_argument);
  CHECK_THROWS_AS(ristretto255().blind(inputs, random, foreign.public_key), std::invalid_argument);
  CHECK_THROWS_AS(ristretto255().evaluate_unblinded(foreign.secret, inputs, outputs), std::invalid_argument);
  outputs.pop_back();
  CHECK_THROWS_AS(ristretto255().evaluate_unblinded(keys.secret, inputs, outputs), std::invalid_argument);
  const std::vector<ByteView> too_many(kMaxBatch + 1);
  CHECK_THROWS_AS(ristretto255().blind(too_many, random, keys.public_key), std::invalid_argument);
}

TEST_CASE("inputs up to 65535 bytes are taken and longer ones refused") {
  DeterministicRandom random(1);
  const KeyPair keys = key_pair(ristretto255(), 1);
  const Bytes longest(kMaxInputBytes, 'x');
  const Bytes too_long(kMaxInputBytes + 1, 'x');
  const std::vector<ByteView> good{longest};
  const std::vector<ByteView> bad{too_long};
  std::vector<PrfOutput> outputs(1);
  auto [batch, elements] = ristretto255().blind(good, random, keys.public_key);
  const Evaluated answer = answer_of(ristretto255(), elements, keys, random);
  auto verified = std::move(batch).verify(answer.elements, answer.proof);
  REQUIRE(verified.has_value());
  ristretto255().evaluate_unblinded(keys.secret, good, outputs);
  CHECK(std::move(*verified).finalize() == outputs);
  CHECK_THROWS_AS(ristretto255().blind(bad, random, keys.public_key), std::invalid_argument);
  CHECK_THROWS_AS(ristretto255().evaluate_unblinded(keys.secret, bad, outputs), std::invalid_argument);
}

TEST_CASE("evaluation without blinding gives the same outputs for any cut") {
  const KeyPair keys = key_pair(ristretto255(), 1);
  const auto texts = numbers(70);
  const auto inputs = views(texts);
  const auto whole = unblinded_outputs(ristretto255(), keys, inputs);
  std::vector<PrfOutput> cut(70);
  for (const auto& [first, size] :
       {std::pair{0U, 1U}, std::pair{1U, 0U}, std::pair{1U, 68U}, std::pair{69U, 1U}}) {
    ristretto255().evaluate_unblinded(keys.secret, std::span(inputs).subspan(first, size),
                                      std::span(cut).subspan(first, size));
  }
  CHECK(cut == whole);
}

TEST_CASE("evaluation without blinding is the same beyond one internal slice") {
  const KeyPair keys = key_pair(ristretto255(), 1);
  std::vector<std::string> texts = numbers(600);
  const auto inputs = views(texts);
  const auto whole = unblinded_outputs(ristretto255(), keys, inputs);
  for (const std::size_t i : std::vector<std::size_t>{0, 511, 512, 599}) {
    CHECK(whole[i] == unblinded_outputs(ristretto255(), keys, std::span(inputs).subspan(i, 1))[0]);
  }
}

}  // namespace blindbook::oprf
