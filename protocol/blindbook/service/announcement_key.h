#pragma once

#include <filesystem>
#include <optional>

#include "blindbook/base/error.h"
#include "blindbook/base/random.h"
#include "blindbook/base/types.h"
#include "blindbook/protocol/announcement.h"
#include "blindbook/protocol/certificate.h"
#include "blindbook/service/passphrase.h"

/// What only the root key can do for the announcement key: vouch for it longer, or replace it.
namespace blindbook::service {

struct KeyCeremony {
  std::filesystem::path folder;  ///< the operator's
  PassphraseSource passphrase;
  std::optional<std::filesystem::path> root_key;  ///< file; nothing: keys/root.key in the folder
  UnixTime now;                                   ///< the certificate begins
};

struct CertifiedKey {
  protocol::Certificate certificate;
  /// The announcement that tells clients of it; nothing when there was none to repeat.
  std::optional<protocol::OpenedAnnouncement> announced;
};

/// A new certificate for the announcement key that is there: 400 days from now, its serial higher than all
/// before. It takes effect at once: the last announcement is signed, logged and published again under it, as
/// the next in the chain, with the same epochs, editions and validity. Errors of find_root_key(),
/// OperatorFolder::load_announcement_key(), announcement_to_follow() and announce(); BadInput
/// "publish.locked" while a publication runs.
[[nodiscard]] Result<CertifiedKey> renew_certificate(const KeyCeremony& ceremony);

/// As renew_certificate(), for a fresh key; the one before, if there still is one, is destroyed. A client
/// that has seen the new certificate refuses whatever is signed under an older one. When it fails half-way
/// there may be no announcement key, or one that config.json does not name: both are repaired by doing it
/// again, and `serve` needs neither. Errors also of OperatorFolder::load_epoch_keys() and
/// load_announcement_key(), by which the passphrase is checked unless their slots are lost, KeyStore::store() and
/// KeyStore::destroy().
[[nodiscard]] Result<CertifiedKey> revoke_announcement_key(const KeyCeremony& ceremony, RandomSource& random);

}  // namespace blindbook::service
