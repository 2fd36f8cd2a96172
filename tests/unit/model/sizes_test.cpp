#include "blindbook/model/sizes.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <catch2/catch.hpp>

#include "blindbook/directory/census.h"
#include "blindbook/directory/patch.h"
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

TEST_CASE("an expected patch is as long as patches made") {
  constexpr std::size_t kEntries = 20'000;
  DeterministicRandom random(9);
  for (const std::uint16_t label_bytes : {std::uint16_t{0}, std::uint16_t{24}}) {
    directory::Patch patch;
    patch.from = Edition(1);
    patch.to = Edition(2);
    patch.suite = SuiteId::kRistretto255Sha512;
    patch.label_bytes = label_bytes;
    for (std::size_t rank = 17; rank < kEntries; rank += 1 + random.bytes(1)[0]) {
      patch.leavers.push_back(rank);
    }
    std::vector<DirectoryRow> joins = random_rows(random, 1'500, label_bytes);
    std::sort(joins.begin(), joins.end());
    for (const DirectoryRow& row : joins) {
      patch.tags.push_back(row.tag);
      patch.column.insert(patch.column.end(), row.sealed.begin(), row.sealed.end());
    }
    const Churn churn{.joins = 1'500, .leaves = static_cast<double>(patch.leavers.size())};
    const double expected =
        static_cast<double>(expected_patch_bytes({.entries = kEntries, .label_bytes = label_bytes}, churn));
    CHECK(expected == Approx(static_cast<double>(directory::encode_patch(patch).size())).epsilon(0.01));
  }
  CHECK(expected_patch_bytes({.entries = kEntries}, {}) == 62);
}

TEST_CASE("a month of a client at a million subscribers is what was set out to reach") {
  const ClientMonth million{
      .directory = {.entries = 1'000'000}, .daily = {.joins = 5'000, .leaves = 1'000}, .announcement = 6'000};
  CHECK(expected_patch_bytes(million.directory, million.daily) <= 34'000);
  CHECK(client_month_bytes(million) <= 3'500'000);
  const EvaluateBytes daily = evaluate_bytes(16);
  const EvaluateBytes first = evaluate_bytes(1024);
  CHECK(client_month_bytes(million) ==
        30 * (6'000 + expected_patch_bytes(million.directory, million.daily) + daily.request + daily.answer) +
            (expected_directory_bytes(million.directory) + first.request + first.answer) / 3);
}

TEST_CASE("a client fetches the directory where a patch is longer") {
  const ClientMonth restless{.directory = {.entries = 1'000}, .daily = {.joins = 5'000, .leaves = 900}};
  ClientMonth calm = restless;
  calm.daily = {.joins = 6'000, .leaves = 900};
  CHECK(client_month_bytes(restless) == client_month_bytes(calm));
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
