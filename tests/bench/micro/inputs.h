#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <benchmark/benchmark.h>

#include "blindbook/group/ristretto255.h"
#include "blindbook/oprf/suite.h"

#include "tests/support/deterministic_random.h"

/// What the benchmarks share: inputs, and the figure that they all report.
namespace blindbook::bench {

using G = group::Ristretto255;

inline constexpr std::size_t kBatch = 1024;
inline constexpr std::string_view kSuiteName = "ristretto255-SHA512";
inline constexpr std::string_view kHashToGroupTag = "HashToGroup-OPRFV1-\x01-ristretto255-SHA512";

/// Counter per_element: CPU time for one element of a batch of `count`.
inline void report(benchmark::State& state, std::size_t count) {
  state.counters["per_element"] =
      benchmark::Counter(static_cast<double>(count),
                         benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

inline std::size_t size_argument(const benchmark::State& state) {
  return static_cast<std::size_t>(state.range(0));
}

/// The last six digits of a number nobody holds (+49 171 0 ..: no operator was given the block).
inline std::string six_digits(std::size_t i) {
  const std::string digits = std::to_string(i % 1'000'000);
  return std::string(6 - digits.size(), '0') + digits;
}

/// The identifiers of `count` numbers nobody holds, all different up to a million.
inline std::vector<std::string> identifiers(std::size_t count) {
  std::vector<std::string> out;
  out.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    out.push_back("tel:+491710" + six_digits(i));
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

inline G::Scalar a_scalar(std::uint64_t seed) {
  test_support::DeterministicRandom random(seed);
  std::array<std::uint8_t, G::kUniformScalarBytes> uniform{};
  random.fill(uniform);
  return G::scalar_from_uniform(uniform);
}

inline std::vector<G::Scalar> scalars(std::size_t count) {
  std::vector<G::Scalar> out;
  out.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    out.push_back(a_scalar(i));
  }
  return out;
}

inline std::vector<G::Element> elements(std::size_t count) {
  const auto texts = identifiers(count);
  std::vector<G::Element> out(count);
  G::hash_to_group_batch(views(texts), bytes_of(kHashToGroupTag), out);
  return out;
}

inline std::vector<G::EncodedElement> encoded_elements(std::size_t count) {
  std::vector<G::EncodedElement> out(count);
  G::encode_batch(elements(count), out);
  return out;
}

inline const oprf::Suite& suite() {
  return *oprf::find_suite(SuiteId::kRistretto255Sha512);
}

inline oprf::KeyPair key_pair() {
  return suite().derive_key_pair(Secret<32>(), bytes_of("bench")).value();
}

/// What a server answers to a request of `count` elements.
inline oprf::Evaluated answer_to(ByteView request, std::size_t count, const oprf::KeyPair& keys,
                                 RandomSource& random) {
  auto job = suite().decode_batch(request, count).value();
  job->evaluate(keys.secret, 0, count);
  return std::move(*job).finish(keys.secret, keys.public_key, random).value();
}

}  // namespace blindbook::bench
