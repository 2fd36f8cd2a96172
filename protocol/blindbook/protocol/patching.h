#pragma once

#include <string>

#include "blindbook/base/bytes.h"
#include "blindbook/base/error.h"
#include "blindbook/base/types.h"
#include "blindbook/protocol/announcement.h"

/// How a client that holds an earlier edition comes to the announced one without fetching all of it
/// (docs/spec/patch.md).
namespace blindbook::protocol {

/// The patch of `epoch` that leads on from edition `held`; null when none is announced, or one that is not smaller than
/// the directory: what a client takes into memory is bounded by that.
[[nodiscard]] const AnnouncedPatch* patch_from(const AnnouncedEpoch& epoch, Edition held) noexcept;

/// "<epoch hex>/<from>-<to>": behind /v1/patch/ on a service, and behind patch/ in its public folder.
[[nodiscard]] std::string patch_name(const EpochId& epoch, Edition from, Edition to);

/// The announced directory of `epoch`, from the file of an earlier edition and the file of the announced patch from
/// there. PeerMisbehaved "patch.file" when `patch_file` is not the announced one, "patch.root" when it does not
/// lead to the announced directory, which may also be the fault of `held`; errors of directory::parse_patch() and
/// apply_patch(). After any of them the whole directory is to be fetched.
[[nodiscard]] Result<Bytes> apply_announced_patch(ByteView held, ByteView patch_file,
                                                  const AnnouncedPatch& announced,
                                                  const AnnouncedEpoch& epoch);

}  // namespace blindbook::protocol
