#pragma once

#include <optional>

#include "blindbook/base/bytes.h"
#include "blindbook/base/error.h"
#include "blindbook/protocol/ed25519.h"
#include "blindbook/protocol/log_segment.h"

/// Two signed announcements that contradict each other, as a file to show to others: whoever has the operator's public
/// root key can check it.
namespace blindbook::protocol {

struct Evidence {
  Bytes one;    ///< the announcement seen first
  Bytes other;  ///< and the one that contradicts it
  /// Where announcements stand between the two: the log of `other`, which leads to it past another announcement in the
  /// place of `one`.
  std::optional<LogSegment> log;
};

/// magic(8), then each part with its length in 4 bytes.
[[nodiscard]] Bytes encode_evidence(const Evidence& evidence);

/// BadInput "evidence.format". Nothing is verified.
[[nodiscard]] Result<Evidence> parse_evidence(ByteView file);

/// Why the two contradict each other, in a clause, when they do and both are signed by the operator of `root`: the
/// message of "history.fork". BadInput "evidence.proves-nothing" when they do not; the errors of open_announcement().
[[nodiscard]] Result<std::string> verify_evidence(const Evidence& evidence, const Ed25519PublicKey& root);

}  // namespace blindbook::protocol
