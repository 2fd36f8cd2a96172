#include "blindbook/model/sizes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include <catch2/catch.hpp>

#include "blindbook/directory/census.h"
#include "blindbook/directory/patch.h"
#include "blindbook/protocol/codec.h"
#include "blindbook/protocol/params.h"
#include "blindbook/protocol/resolve.h"

#include "tests/protocol/in_memory_operator.h"
#include "tests/support/directory_rows.h"

using namespace blindbook;
using namespace blindbook::model;
using namespace blindbook::test_support;

namespace {

/// The suites of protocol v1 that this build has.
std::vector<const oprf::Suite*> suites() {
  std::vector<const oprf::Suite*> out;
  for (const SuiteId id : {SuiteId::kRistretto255Sha512, SuiteId::kP256Sha256}) {
    if (const oprf::Suite* suite = oprf::find_suite(id); suite != nullptr) {
      out.push_back(suite);
    }
  }
  return out;
}

void compare_with_messages(const oprf::Suite& suite) {
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
    CHECK(evaluate_bytes(batch, suite.id()).request == request.size());
    CHECK(evaluate_bytes(batch, suite.id()).answer == answer.size());
  }
}

}  // namespace

TEST_CASE("every batch has the bytes that its messages have") {
  REQUIRE(!suites().empty());
  for (const oprf::Suite* suite : suites()) {
    compare_with_messages(*suite);
  }
}

TEST_CASE("an element of P-256 is a compressed point, a byte longer than one of ristretto255") {
  CHECK(evaluate_bytes(16, SuiteId::kP256Sha256).request == evaluate_bytes(16).request + 16);
  CHECK(evaluate_bytes(16, SuiteId::kP256Sha256).answer == evaluate_bytes(16).answer + 16);
}

TEST_CASE("a label resolved on use has the bytes of its messages") {
  DeterministicRandom random(8);
  for (const std::uint16_t label_bytes : {std::uint16_t{2}, std::uint16_t{24}, std::uint16_t{512}}) {
    const Bytes request = protocol::encode_resolve_request(
        {.suite = SuiteId::kRistretto255Sha512, .epoch = EpochId{}, .handle = {}});
    const Bytes answer =
        protocol::encode_resolve_answer(protocol::digest_of_resolve(request), random.bytes(8U + label_bytes));
    CHECK(resolve_exchange(label_bytes).request == request.size());
    CHECK(resolve_exchange(label_bytes).answer == answer.size());
    CHECK(resolve_bytes(label_bytes) == request.size() + answer.size());
  }
}

TEST_CASE("an expected announcement is as long as one that was signed") {
  for (const std::uint32_t editions : {1U, 2U, 31U, 90U}) {
    InMemoryOperator city;
    city.publish({{berlin(1), "one"}});
    protocol::AnnouncedEpoch& epoch = city.epoch_to_announce();
    epoch.edition = Edition(editions);
    epoch.entries = 1'000'000;
    epoch.size = 4'700'000;
    for (std::uint32_t from = editions > 30 ? editions - 30 : 1; from < editions; ++from) {
      epoch.patches.push_back({Edition(from), 33'000 + 27'000 * (editions - from), Digest()});
    }
    const double made = static_cast<double>(city.announce().size());
    CHECK(static_cast<double>(expected_announcement_bytes(editions)) == Approx(made).epsilon(0.05));
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
  // A list that shrank: as many may have left as are there, and more. The code has an end all the same.
  for (const double leaves : {1.0, 0.5 * kEntries, 1.0 * kEntries, 2.0 * kEntries}) {
    CHECK(expected_patch_bytes({.entries = kEntries}, {.leaves = leaves}) > 62);
  }
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
