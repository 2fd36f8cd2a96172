#pragma once

#include <cstdint>
#include <span>

#include "blindbook/base/types.h"

/// Bytes of protocol v1. What is exact is exact to the byte; what depends on the
/// tags drawn is an expectation and says so. Tests hold the former against the messages themselves.
namespace blindbook::model {

/// Bodies of POST /v1/evaluate (docs/spec/evaluate.md); HTTP heads and TLS not counted.
struct EvaluateBytes {
  std::uint64_t request = 0;
  std::uint64_t answer = 0;
};
[[nodiscard]] EvaluateBytes evaluate_bytes(std::uint64_t batch, SuiteId suite = SuiteId::kRistretto255Sha512);

/// Everything that shapes a directory file (docs/spec/directory.md).
struct DirectoryShape {
  std::uint64_t entries = 0;
  std::uint64_t label_bytes = 0;     ///< L; 0 without labels
  std::uint64_t template_bytes = 0;  ///< of the label template; 0 without
};

/// The file whose coded tags take `body_bits` bits.
[[nodiscard]] std::uint64_t directory_bytes(const DirectoryShape& shape, std::uint64_t body_bits);

/// Bodies of one run that fetches the whole directory.
struct RunBytes {
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
};
/// `announcement` and `directory` are the sizes of these objects.
[[nodiscard]] RunBytes run_bytes(std::span<const std::uint32_t> batches, std::uint64_t announcement,
                                 std::uint64_t directory, SuiteId suite = SuiteId::kRistretto255Sha512);

/// Golomb-Rice coding of `entries` tags drawn uniformly from 2^w values.
struct ExpectedCode {
  unsigned rice = 0;          ///< the k that makes the expectation least
  double bits_per_entry = 0;  ///< 1 + k + sum over j >= 1 of (1 - j 2^k / 2^w)^n
  double bits_above_bound =
      0;  ///< above log2(2^w / n), which no structure with that false-positive rate beats
};
/// `entries` >= 1. In doubles: right to 10^-6 of a bit from 10 entries on.
[[nodiscard]] ExpectedCode expected_code(std::uint64_t entries, unsigned tag_bits = 56);

/// The expected size of a directory of that shape, in bytes.
[[nodiscard]] std::uint64_t expected_directory_bytes(const DirectoryShape& shape);

/// Rows that join and leave between two editions; an average of many, so no whole number.
struct Churn {
  double joins = 0;
  double leaves = 0;
};

/// The expected size of a patch (docs/spec/patch.md) between editions of that shape, in bytes.
[[nodiscard]] std::uint64_t expected_patch_bytes(const DirectoryShape& shape, const Churn& churn);

/// An announcement (docs/spec/announcement.md) of one epoch that has been published `editions` times, in bytes, of an
/// operator with a name of 15 bytes: an object of JSON whose numbers have more or fewer digits, so not exact.
[[nodiscard]] std::uint64_t expected_announcement_bytes(std::uint64_t editions);

/// Bodies of POST /v1/resolve (docs/spec/resolve.md), which asks for one label of `label_bytes` = L: they come on top of
/// what a client moves without labels, once for each label that a person opens.
[[nodiscard]] EvaluateBytes resolve_exchange(std::uint64_t label_bytes);
/// Both of them.
[[nodiscard]] std::uint64_t resolve_bytes(std::uint64_t label_bytes);

}  // namespace blindbook::model
