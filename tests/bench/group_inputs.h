#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "blindbook/group/ristretto255.h"
#include "blindbook/hash/expand_message.h"

#include "tests/support/deterministic_random.h"

/// What the benchmarks of the group share: inputs, and the figure they all report.
namespace blindbook::bench {

using G = group::Ristretto255;

inline constexpr std::size_t kBatch = 1024;
inline constexpr std::string_view kTag = "HashToGroup-OPRFV1-\x01-ristretto255-SHA512";

inline G::Scalar a_scalar(std::uint64_t seed) {
  test_support::DeterministicRandom random(seed);
  std::array<std::uint8_t, G::kUniformScalarBytes> uniform{};
  random.fill(uniform);
  return G::scalar_from_uniform(uniform);
}

inline std::vector<G::Scalar> scalars(std::size_t count) {
  std::vector<G::Scalar> out;
  for (std::size_t i = 0; i < count; ++i) {
    out.push_back(a_scalar(i));
  }
  return out;
}

/// Fictional identifiers; that they repeat does not matter to the time.
inline std::vector<std::string> identifiers(std::size_t count) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < count; ++i) {
    std::string digits = std::to_string(i % 1000);
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

inline std::vector<G::Element> elements(std::size_t count) {
  const auto texts = identifiers(count);
  std::vector<G::Element> out(count);
  G::hash_to_group_batch(views(texts), bytes_of(kTag), out);
  return out;
}

inline std::vector<G::EncodedElement> encoded_elements(std::size_t count) {
  std::vector<G::EncodedElement> out(count);
  G::encode_batch(elements(count), out);
  return out;
}

/// Counter per_element: time for one element of a batch of `count`.
inline void report(benchmark::State& state, std::size_t count) {
  state.counters["per_element"] =
      benchmark::Counter(static_cast<double>(count),
                         benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

}  // namespace blindbook::bench
