#pragma once

#include <optional>
#include <vector>

#include "blindbook/base/error.h"
#include "blindbook/base/types.h"
#include "blindbook/protocol/announcement.h"
#include "blindbook/service/operator_folder.h"

/// The one way in which an announcement becomes public: signed, opened again as a client would, logged, and
/// only then put where clients fetch it. To be called by who holds the folder's publish.lock.
namespace blindbook::service {

/// What the next announcement follows: the end of the log; nothing before the first. The public folder may
/// have been lost, or lag behind after a crash, but it may not know more: BadInput "publish.log". Errors of
/// OperatorFolder::last_logged(), and of announcement() where the log is empty.
[[nodiscard]] Result<std::optional<protocol::OpenedAnnouncement>> announcement_to_follow(
    const OperatorFolder& folder);

/// The announcement key, to sign with at `now`. BadInput "publish.certificate" when the certificate in the
/// config is another key's, or has expired; errors of OperatorFolder::load_announcement_key().
[[nodiscard]] Result<protocol::Ed25519SecretKey> certified_announcement_key(OperatorFolder& folder,
                                                                            UnixTime now);

/// What an announcement says besides what the folder's config and its place in the chain settle.
struct AnnouncementContent {
  std::vector<protocol::AnnouncedEpoch> epochs;
  UnixTime issued_at;
  UnixTime valid_until;
  UnixTime next_publication;
};

/// Signs `content` with `key`, under the certificate of the config, as the successor of `last`; logs it and its
/// hash, then replaces public/announcement.bba, and forgets bodies of the log whose epochs have all ended. A crash in between leaves one in the log that was never public, which
/// the next one follows. BadInput "publish.log" when the log has that number already; the errors of
/// open_announcement() when clients would refuse it; Unavailable "file.write".
[[nodiscard]] Result<protocol::OpenedAnnouncement> announce(
    const OperatorFolder& folder, const protocol::Ed25519SecretKey& key,
    const std::optional<protocol::OpenedAnnouncement>& last, AnnouncementContent content);

}  // namespace blindbook::service
