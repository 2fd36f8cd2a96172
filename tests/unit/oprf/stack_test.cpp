// Frames of functions that have returned: spilled registers and message blocks, which no destructor wipes.
#include <algorithm>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "blindbook/base/dead_stack.h"
#include "blindbook/directory/label_seal.h"
#include "blindbook/group/recode.h"
#include "blindbook/oprf/suite.h"

#include "tests/support/deterministic_random.h"
#include "tests/support/own_stack.h"
#include "tests/unit/oprf/client_secrets.h"

namespace blindbook::oprf {
namespace {

using namespace test;
using test_support::DeterministicRandom;

constexpr std::size_t kCount = 3;
constexpr std::uint64_t kSeed = 41;
constexpr std::size_t kWord = 8;  // as little as one spilled register

/// The first call of a function looks for it, on the stack and below what is then wiped: not here.
Bytes stack_after(const std::function<void()>& work) {
  wipe_dead_stack();
  return test_support::stack_after(work);
}

/// Words that give a secret away, and what of.
struct Needle {
  std::string what;
  Bytes word;
};

/// Every aligned word of `secret` as it stands in memory, and as a hash reads it: the other byte first.
void add_words(std::vector<Needle>& needles, const std::string& what, ByteView secret) {
  for (std::size_t at = 0; at + kWord <= secret.size(); at += kWord) {
    Bytes word(secret.begin() + static_cast<std::ptrdiff_t>(at),
               secret.begin() + static_cast<std::ptrdiff_t>(at + kWord));
    needles.push_back({what + " word " + std::to_string(at / kWord), word});
    std::ranges::reverse(word);
    needles.push_back({what + " word " + std::to_string(at / kWord) + " reversed", word});
  }
}

group::ScalarWords words_of(ByteView scalar) {
  group::ScalarWords words{};
  std::memcpy(words.data(), scalar.data(), sizeof words);  // little-endian machines, as the digits' test is
  return words;
}

/// A scalar, and the digits that a multiplication by it takes.
void add_scalar(std::vector<Needle>& needles, const std::string& what, ByteView scalar) {
  add_words(needles, what, scalar.first(24));  // the top word is 2^60 at most: it might be small
  group::WindowDigits window;
  group::FixedDigits fixed;
  group::recode(words_of(scalar), window);
  group::recode(words_of(scalar), fixed);
  const auto digits = [](const auto& d) {
    return ByteView(reinterpret_cast<const std::uint8_t*>(d.digit), 48);
  };
  add_words(needles, what + " window digits", digits(window));
  add_words(needles, what + " fixed digits", digits(fixed));
}

/// What of `needles` stands in a stack; and frames that reached below what is wiped, whatever they hold.
std::vector<std::string> found(ByteView stack, const std::vector<Needle>& needles) {
  std::vector<std::string> out;
  // What calls the work and what wipes after it have frames too, without secrets.
  constexpr std::size_t kFramesAround = 1024;
  const ByteView below = stack.first(stack.size() - kDeadStackBytes - kFramesAround);
  if (std::any_of(below.begin(), below.end(), [](std::uint8_t byte) { return byte != 0; })) {
    out.emplace_back("frames below the wipe");
  }
  for (const Needle& needle : needles) {
    if (std::search(stack.begin(), stack.end(), needle.word.begin(), needle.word.end()) != stack.end()) {
      out.push_back(needle.what);
    }
  }
  return out;
}

std::vector<std::string> nothing() {
  return {};
}

/// What a client with blinding seed kSeed knows of its contacts.
std::vector<Needle> client_needles(const KeyPair& keys, const std::vector<std::string>& texts) {
  std::vector<Needle> needles;
  const std::vector<ContactSecrets> secrets = client_secrets(keys, texts, kSeed);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    add_words(needles, "input", bytes_of(texts[i]).last(kWord));
    add_scalar(needles, "mask", secrets[i].mask);
    add_words(needles, "hashed element", G::encode(secrets[i].hashed).view());
    add_words(needles, "output", secrets[i].output.expose());
  }
  return needles;
}

}  // namespace

TEST_CASE("a stack of its own shows what a function left there") {
  const std::vector<Needle> needles = {{"planted", Bytes{'a', ' ', 's', 'e', 'c', 'r', 'e', 't'}}};
  const auto leave = [&] {
    std::uint8_t frame[1024];  // deeper than what returning from the stack overwrites
    std::memcpy(frame, needles[0].word.data(), kWord);
    __asm__ volatile("" : : "r"(frame) : "memory");  // stored, whatever the optimiser thinks of it
  };
  CHECK(found(stack_after(leave), needles) == std::vector<std::string>{"planted"});
  CHECK(found(stack_after([&] { leave_no_stack(leave); }), needles) == nothing());
  const auto go_deep = [] {
    std::uint8_t frame[kDeadStackBytes + 4096];
    std::memset(frame, 1, sizeof frame);
    __asm__ volatile("" : : "r"(frame) : "memory");
  };
  CHECK(found(stack_after([&] { leave_no_stack(go_deep); }), needles) ==
        std::vector<std::string>{"frames below the wipe"});
}

TEST_CASE("deriving and reading a key leave nothing of it on the stack") {
  std::vector<Needle> needles;
  Secret<32> seed;
  std::ranges::fill(seed.expose_mutable(), std::uint8_t{1});
  const Bytes scalar = [] {
    const KeyPair pair = key_pair(ristretto255(), 1);
    return Bytes(pair.secret.expose().begin(), pair.secret.expose().end());
  }();
  add_scalar(needles, "key", scalar);
  CHECK(found(stack_after([&] { (void)ristretto255().derive_key_pair(seed, bytes_of("test key")); }),
              needles) == nothing());
  CHECK(found(stack_after([&] { (void)ristretto255().decode_secret_key(scalar); }), needles) == nothing());
}

TEST_CASE("a server leaves nothing of key and nonce on the stack") {
  const KeyPair keys = key_pair(ristretto255(), 1);
  DeterministicRandom random(kSeed);
  const auto texts = numbers(kCount);
  const Bytes elements = ristretto255().blind(views(texts), random, keys.public_key).elements;

  DeterministicRandom chance(7);
  const Evaluated answer = answer_of(ristretto255(), elements, keys, chance);
  const auto secret = *G::decode_scalar(keys.secret.expose().first<32>());
  const auto challenge = *G::decode_scalar(ByteView(answer.proof).first<32>());
  const auto response = *G::decode_scalar(ByteView(answer.proof).last<32>());
  std::vector<Needle> needles;
  add_scalar(needles, "key", keys.secret.expose());
  add_scalar(needles, "nonce", bytes_of_scalar(G::add(response, G::multiply(challenge, secret))));
  DeterministicRandom same(7);
  add_words(needles, "chance", same.bytes(64));

  auto job = ristretto255().decode_batch(elements, kCount).value();
  CHECK(found(stack_after([&] { job->evaluate(keys.secret, 0, kCount); }), needles) == nothing());
  DeterministicRandom again(7);
  std::optional<Result<Evaluated>> finished;
  CHECK(found(stack_after([&] { finished = std::move(*job).finish(keys.secret, keys.public_key, again); }),
              needles) == nothing());
  REQUIRE(finished->value().proof == answer.proof);  // the nonce looked for was the nonce used
}

TEST_CASE("a client leaves nothing of inputs and masks and outputs on the stack") {
  const KeyPair keys = key_pair(ristretto255(), 1);
  const auto texts = numbers(kCount);
  const auto inputs = views(texts);
  const std::vector<Needle> needles = client_needles(keys, texts);
  DeterministicRandom random(kSeed);
  std::optional<BlindResult> blinded;
  CHECK(found(stack_after([&] { blinded = ristretto255().blind(inputs, random, keys.public_key); }),
              needles) == nothing());
  SecretBytes saved;
  CHECK(found(stack_after([&] { saved = blinded->batch.save(); }), needles) == nothing());
  CHECK(found(stack_after([&] { (void)ClientBatch::load(ristretto255(), saved.expose()); }), needles) ==
        nothing());
  DeterministicRandom chance(1);
  const Evaluated answer = answer_of(ristretto255(), blinded->elements, keys, chance);
  auto verified = std::move(blinded->batch).verify(answer.elements, answer.proof).value();
  std::vector<PrfOutput> outputs;
  CHECK(found(stack_after([&] { outputs = std::move(verified).finalize(); }), needles) == nothing());
  REQUIRE(outputs.size() == kCount);
}

TEST_CASE("a publisher leaves nothing of key and inputs and outputs on the stack") {
  const KeyPair keys = key_pair(ristretto255(), 1);
  const auto texts = numbers(kCount);
  const auto inputs = views(texts);
  std::vector<Needle> needles = client_needles(keys, texts);
  add_scalar(needles, "key", keys.secret.expose());
  std::vector<PrfOutput> outputs(kCount);
  CHECK(found(stack_after([&] { ristretto255().evaluate_unblinded(keys.secret, inputs, outputs); }),
              needles) == nothing());

  std::vector<Needle> of_output;
  add_words(of_output, "output", outputs[0].expose());
  const directory::LabelSealer sealer(SuiteId::kRistretto255Sha512, EpochId(), 24);
  Bytes row(directory::sealed_bytes(24));
  CHECK(found(stack_after([&] { (void)sealer.seal(outputs[0].expose(), "anna", row); }), of_output) ==
        nothing());
  const directory::LabelToSeal one{outputs[0].expose(), "anna"};
  CHECK(found(stack_after([&] { (void)sealer.seal_batch({&one, 1}, row); }), of_output) == nothing());
  CHECK(found(stack_after([&] { (void)sealer.open(outputs[0].expose(), row); }), of_output) == nothing());
  CHECK(found(stack_after([&] { (void)sealer.handle(outputs[0].expose()); }), of_output) == nothing());
}

}  // namespace blindbook::oprf
