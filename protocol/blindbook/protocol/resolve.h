#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "blindbook/base/bytes.h"
#include "blindbook/base/error.h"
#include "blindbook/base/types.h"
#include "blindbook/directory/label_seal.h"
#include "blindbook/oprf/suite.h"
#include "blindbook/protocol/announcement.h"
#include "blindbook/protocol/codec.h"

/// The two messages that resolve a label, byte by byte (docs/spec/resolve.md), and what a client makes of them.
///   request: magic(4) version(1) suite(1) epoch_id(16) handle(16)
///   answer:  magic(4) version(1) request digest(16) || sealed label (8 + L)
/// An answer has one length whether anybody has the handle or not, and is not under the signed root.
namespace blindbook::protocol {

inline constexpr std::size_t kResolveRequestBytes = 4 + 1 + 1 + 16 + 16;
inline constexpr std::size_t kResolveAnswerHeaderBytes = 4 + 1 + 16;

/// What names a resolve request in the ledger and in its answer: SHA-256(domain::kResolve || body).
[[nodiscard]] RequestDigest digest_of_resolve(ByteView body);

struct ResolveRequest {
  SuiteId suite;
  EpochId epoch;
  directory::Handle handle;
};

[[nodiscard]] Bytes encode_resolve_request(const ResolveRequest& request);

/// PeerMisbehaved "resolve.header" (magic, version or suite unknown), "resolve.length".
[[nodiscard]] Result<ResolveRequest> parse_resolve_request(ByteView body);

/// `sealed`: 8 + L bytes.
[[nodiscard]] Bytes encode_resolve_answer(const RequestDigest& request, ByteView sealed);

/// The sealed label, a part of `body`. PeerMisbehaved "resolve-answer.header", "resolve-answer.echo" (it answers another
/// request), "resolve-answer.length" (not that of `label_bytes`, L).
[[nodiscard]] Result<ByteView> parse_resolve_answer(ByteView body, std::uint16_t label_bytes,
                                                    const RequestDigest& request);

/// What a client sends to open one label. The same output in the same epoch gives the same bytes, so that a request that is
/// sent again is charged once.
struct LabelQuestion {
  Bytes request;
  RequestDigest digest;
};

/// The question for the label of the number whose PRF output in `epoch` is `output`. ApiMisuse "label.size" when the output
/// is none of the epoch's suite, "resolve.mode" when the epoch's labels are not resolved on use.
[[nodiscard]] Result<LabelQuestion> ask_for_label(const AnnouncedEpoch& epoch, const oprf::PrfOutput& output);

/// The label, the template filled in. Nothing when what was answered does not open: nobody has the handle, or not any more,
/// or the service does not tell; which, cannot be told and is nobody's fault. Unavailable "service.not-an-answer" when
/// something in between answered; errors of parse_resolve_answer().
[[nodiscard]] Result<std::optional<std::string>> open_label(const AnnouncedEpoch& epoch,
                                                            const oprf::PrfOutput& output,
                                                            const RequestDigest& request, ByteView answer);

}  // namespace blindbook::protocol
