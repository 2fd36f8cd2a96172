#include "blindbook/model/sizes.h"

#include <array>
#include <cmath>

#include <catch2/catch.hpp>

#include "blindbook/directory/census.h"
#include "blindbook/protocol/codec.h"
#include "blindbook/protocol/params.h"

#include "tests/support/directory_rows.h"

using namespace blindbook;
using namespace blindbook::model;
using namespace blindbook::test_support;

TEST_CASE("every batch has the bytes that its messages have") {
  const oprf::Suite& suite = *oprf::find_suite(SuiteId::kRistretto255Sha512);
  const oprf::SuiteSizes sizes = suite.sizes();
  DeterministicRandom random(3);
  Secret<32> seed;
  random.fill(seed.expose_mutable());
  const auto keys = suite.derive_key_pair(seed, {}).value();
  for (const std::uint32_t batch : protocol::kBatchSizes) {
    const Bytes elements = random.bytes(batch * sizes.element);
    const Bytes request = protocol::encode_request(keys.public_key, EpochId{}, batch, elements);
    const Bytes answer = protocol::encode_answer(protocol::digest_of_request(request), 7,
                                                 {.elements = elements, .proof = random.bytes(sizes.proof)});
    CHECK(evaluate_bytes(batch).request == request.size());
    CHECK(evaluate_bytes(batch).answer == answer.size());
  }
}

TEST_CASE("a directory has the bytes its bits, labels and template come to") {
  DeterministicRandom random(4);
  for (const std::size_t entries : {std::size_t{0}, std::size_t{1}, std::size_t{999}}) {
    for (const std::uint16_t label_bytes : {std::uint16_t{0}, std::uint16_t{24}}) {
      const Bytes file = build_directory(random_rows(random, entries, label_bytes), label_bytes);
      const auto header = directory::parse_header(file).value();
      const DirectoryShape shape{
          .entries = entries, .label_bytes = label_bytes, .template_bytes = header.label_template.size()};
      CHECK(directory_bytes(shape, directory::census_of(file).value().body_bits) == file.size());
    }
  }
}

TEST_CASE("a run is its batches, the announcement and the directory") {
  constexpr std::array<std::uint32_t, 2> kBatches{16, 16};
  const RunBytes bytes = run_bytes(kBatches, 1'000, 50'000);
  CHECK(bytes.sent == 2 * (24 + 16 * 32));
  CHECK(bytes.received == 51'000 + 2 * (25 + 16 * 32 + 64));
}

TEST_CASE("expected bits an entry are those of a study and of directories made") {
  // Measured once at these sizes: 1.483, 1.558 and 1.481 bits above log2(1/eps).
  CHECK(expected_code(100'000).bits_above_bound == Approx(1.483).margin(0.001));
  CHECK(expected_code(1'000'000).bits_above_bound == Approx(1.558).margin(0.001));
  CHECK(expected_code(10'000'000).bits_above_bound == Approx(1.481).margin(0.001));

  DeterministicRandom random(5);
  for (const std::size_t entries : {std::size_t{50}, std::size_t{3'000}, std::size_t{20'000}}) {
    std::uint64_t bits = 0;
    constexpr int kRounds = 20;
    for (int round = 0; round < kRounds; ++round) {
      bits += directory::census_of(build_directory(random_rows(random, entries, 0), 0)).value().body_bits;
    }
    const double measured = static_cast<double>(bits) / (kRounds * static_cast<double>(entries));
    // Choosing k for the tags drawn, not for the expectation, may save a little.
    const double spread = 3 * 1.5 / std::sqrt(kRounds * static_cast<double>(entries));
    CHECK(measured <= expected_code(entries).bits_per_entry + spread);
    CHECK(measured >= expected_code(entries).bits_per_entry - spread - 0.01);
  }
}

TEST_CASE("the expected size of a directory is near that of one made") {
  DeterministicRandom random(6);
  const Bytes file = build_directory(random_rows(random, 100'000, 0), 0);
  const auto header = directory::parse_header(file).value();
  const std::uint64_t expected =
      expected_directory_bytes({.entries = 100'000, .template_bytes = header.label_template.size()});
  CHECK(static_cast<double>(file.size()) == Approx(static_cast<double>(expected)).epsilon(0.001));
  CHECK(expected_directory_bytes({.entries = 0}) == directory_bytes({.entries = 0}, 0));
}
