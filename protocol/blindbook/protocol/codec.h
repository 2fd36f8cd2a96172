#pragma once

#include <cstdint>

#include "blindbook/base/bytes.h"
#include "blindbook/base/error.h"
#include "blindbook/base/types.h"
#include "blindbook/oprf/suite.h"

/// The two messages of an evaluation, byte by byte (docs/spec/evaluate.md).
///   request: magic(4) version(1) suite(1) epoch_id(16) count(2) || count elements
///   answer:  magic(4) version(1) request digest(16) allowance_left(4) || count elements || proof
namespace blindbook::protocol {

inline constexpr std::size_t kRequestHeaderBytes = 4 + 1 + 1 + 16 + 2;
inline constexpr std::size_t kAnswerHeaderBytes = 4 + 1 + 16 + 4;

/// What names a request in the ledger and in its answer: SHA-256(domain::kEvaluate || body).
using RequestDigest = Digest;
[[nodiscard]] RequestDigest digest_of_request(ByteView body);

/// A request taken apart; `elements` points into the body. Nothing of it has been decoded as a group element.
struct EvaluateRequest {
  SuiteId suite;
  EpochId epoch;
  std::uint32_t count;  ///< a size of the list
  ByteView elements;    ///< count * SuiteSizes::element bytes
};

[[nodiscard]] Bytes encode_request(const oprf::PublicKey& key, const EpochId& epoch, std::uint32_t count,
                                   ByteView elements);

/// PeerMisbehaved "evaluate.header" (magic, version or suite unknown), "evaluate.batch-size" (not on the
/// list), "evaluate.length" (truncated, or longer than the count says).
[[nodiscard]] Result<EvaluateRequest> parse_request(ByteView body);

/// An answer taken apart; the views point into the body.
struct EvaluateAnswer {
  std::uint32_t allowance_left;  ///< whole evaluations
  ByteView elements;
  ByteView proof;
};

[[nodiscard]] Bytes encode_answer(const RequestDigest& request, std::uint32_t allowance_left,
                                  const oprf::Evaluated& evaluated);

/// Checks form, length and that the answer names `request`. PeerMisbehaved "answer.header", "answer.length",
/// "answer.echo" (it answers another request).
[[nodiscard]] Result<EvaluateAnswer> parse_answer(ByteView body, const oprf::SuiteSizes& sizes,
                                                  const RequestDigest& request, std::uint32_t count);

}  // namespace blindbook::protocol
