#pragma once

#include <optional>
#include <string>

#include "blindbook/base/bytes.h"
#include "blindbook/base/error.h"
#include "blindbook/base/types.h"
#include "blindbook/protocol/announcement.h"

#include "cli/common/facts.h"

/// What `blindbook inspect` says about what an operator signs.
namespace blindbook::cli {

/// The key to check signatures with, where the user named one.
using RootKey = std::optional<protocol::Ed25519PublicKey>;

/// Signatures are checked when there is a key. BadInput where the bytes are not what their magic says; with a key also
/// the errors of open_announcement() and open_certificate().
/// @{
[[nodiscard]] Result<Facts> inspect_announcement(ByteView object, const RootKey& root);
[[nodiscard]] Result<Facts> inspect_certificate(ByteView bytes, const RootKey& root);
[[nodiscard]] Result<Facts> inspect_evidence(ByteView file, const RootKey& root);
/// @}

/// The announcement in `object`: its signatures checked when there is a key, otherwise its fields alone.
[[nodiscard]] Result<protocol::OpenedAnnouncement> read_announcement(ByteView object, const RootKey& root);

/// "ristretto255-SHA512", "unknown" for a suite this build does not have.
[[nodiscard]] std::string suite_name(SuiteId id);

/// What a peer would be blamed for is, in a file that somebody only looks at, bad input.
template <class T>
[[nodiscard]] tl::unexpected<Error> unreadable(Result<T>& result) {
  if (result.error().fault == Fault::kPeerMisbehaved) {
    result.error().fault = Fault::kBadInput;
  }
  return failed(result);
}

}  // namespace blindbook::cli
