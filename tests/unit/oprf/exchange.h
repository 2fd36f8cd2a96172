#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "blindbook/base/bytes.h"
#include "blindbook/oprf/suite.h"

#include "tests/support/deterministic_random.h"

/// What the tests of a batch have in common: a suite, keys, inputs, an honest server.
namespace blindbook::oprf::test {

inline const Suite& ristretto255() {
  const Suite* suite = find_suite(SuiteId::kRistretto255Sha512);
  REQUIRE(suite != nullptr);
  return *suite;
}

/// The pair of the seed that is 32 times `byte`.
inline KeyPair key_pair(const Suite& suite, std::uint8_t byte) {
  Secret<32> seed;
  std::ranges::fill(seed.expose_mutable(), byte);
  auto pair = suite.derive_key_pair(seed, bytes_of("test key"));
  REQUIRE(pair.has_value());
  return std::move(*pair);
}

/// `count` fictional identifiers, all different.
inline std::vector<std::string> numbers(std::size_t count) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < count; ++i) {
    std::string digits = std::to_string(i);
    digits.insert(0, 3 - digits.size(), '0');
    out.push_back("tel:+493023125" + digits);
  }
  return out;
}

inline std::vector<ByteView> views(const std::vector<std::string>& texts) {
  std::vector<ByteView> out;
  out.reserve(texts.size());
  for (const std::string& text : texts) {
    out.push_back(bytes_of(text));
  }
  return out;
}

/// The answer of a server that keeps to the protocol, evaluated in one slice.
inline Evaluated answer_of(const Suite& suite, ByteView elements, const KeyPair& keys, RandomSource& random) {
  auto job = suite.decode_batch(elements, elements.size() / suite.sizes().element);
  REQUIRE(job.has_value());
  (*job)->evaluate(keys.secret, 0, (*job)->count());
  auto evaluated = std::move(**job).finish(keys.secret, keys.public_key, random);
  REQUIRE(evaluated.has_value());
  return std::move(*evaluated);
}

/// The outputs of evaluate_unblinded().
inline std::vector<PrfOutput> unblinded_outputs(const Suite& suite, const KeyPair& keys,
                                                std::span<const ByteView> inputs) {
  std::vector<PrfOutput> out(inputs.size());
  suite.evaluate_unblinded(keys.secret, inputs, out);
  return out;
}

}  // namespace blindbook::oprf::test
