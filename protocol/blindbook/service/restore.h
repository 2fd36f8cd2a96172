#pragma once

#include <filesystem>
#include <optional>

#include "blindbook/base/error.h"
#include "blindbook/base/random.h"
#include "blindbook/base/types.h"
#include "blindbook/protocol/announcement.h"
#include "blindbook/protocol/ed25519.h"
#include "blindbook/protocol/sealed_file.h"
#include "blindbook/service/backup.h"
#include "blindbook/service/operator_folder.h"
#include "blindbook/service/passphrase.h"

/// An operator's folder after its host was lost: the same operator to every client, with fresh keys.
/// docs/spec/announcement.md says what makes clients follow.
namespace blindbook::service {

/// Opens what clients saw last, and asks what a client would who saw the end of the backup's log. BadInput
/// "restore.older" when that is the later one; the errors of protocol::open_announcement() and
/// protocol::follow(), whose faults are those of whoever handed `object` out.
[[nodiscard]] Result<protocol::OpenedAnnouncement> open_last_announcement(const Backup& backup,
                                                                          ByteView object, UnixTime now);

struct Restoration {
  const Backup& backup;
  const protocol::OpenedAnnouncement& last;  ///< open_last_announcement()
  const protocol::Ed25519SecretKey& root;    ///< read_root_key()
  PassphraseSource passphrase;  ///< called unless the backup's config says that keys are not sealed
  std::optional<std::filesystem::path> slot_folder;  ///< as NewOperator's; that of the backup is not used
  protocol::ScryptCost cost;
  UnixTime now;  ///< the new epoch begins
};

/// Makes `folder` from a backup: its config and ledger, with every level set anew; its log, continued by
/// `last`, so that the next publication follows what clients saw; a fresh epoch, as OperatorFolder::create()
/// opens it; a fresh announcement key, certified under a serial above all that were seen; a fresh token key.
/// Nothing is public before the next publication. Errors of make_operator_folder(), Backup::copy_into() and
/// reset_levels().
[[nodiscard]] Result<OperatorFolder> restore(const std::filesystem::path& folder,
                                             const Restoration& restoration, RandomSource& random);

}  // namespace blindbook::service
