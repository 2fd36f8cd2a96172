#include "blindbook/service/announcement_key.h"

#include <algorithm>
#include <utility>

#include "blindbook/protocol/params.h"
#include "blindbook/service/announcing.h"
#include "blindbook/service/audit.h"
#include "blindbook/service/file_lock.h"
#include "blindbook/service/operator_folder.h"
#include "blindbook/service/root_key.h"

namespace blindbook::service {
namespace {

using protocol::Certificate;
using protocol::Ed25519PublicKey;
using protocol::Ed25519SecretKey;
using protocol::OpenedAnnouncement;

/// A folder in which nobody else publishes or certifies, and all that a new certificate begins with.
struct Ground {
  FileLock lock;
  OperatorFolder folder;
  Ed25519SecretKey root;
  std::optional<OpenedAnnouncement> last;
};

Result<Ground> prepare(const KeyCeremony& ceremony) {
  const Result<OperatorFolder> seen = OperatorFolder::open(ceremony.folder, {});
  if (!seen) {
    return tl::unexpected<Error>(seen.error());
  }
  Result<FileLock> lock =
      FileLock::acquire(seen->publish_lock_path(), "publish.locked",
                        "a publication is running, and its announcement would be under the old certificate");
  if (!lock) {
    return failed(lock);
  }
  // Again, now that nobody else can certify a key under the serial that follows this config's.
  Result<OperatorFolder> folder = OperatorFolder::open(ceremony.folder, ceremony.passphrase);
  if (!folder) {
    return failed(folder);
  }
  Result<Ed25519SecretKey> root = find_root_key(*folder, ceremony.root_key);
  if (!root) {
    return failed(root);
  }
  Result<std::optional<OpenedAnnouncement>> last = announcement_to_follow(*folder);
  if (!last) {
    return failed(last);
  }
  return Ground{std::move(*lock), std::move(*folder), std::move(*root), std::move(*last)};
}

struct Issued {
  Certificate certificate;
  Bytes bytes;
};

Result<Issued> issue(const Ground& ground, const Ed25519PublicKey& key, UnixTime now) {
  const Result<Certificate> current =
      protocol::open_certificate(ground.folder.config().certificate, ground.root.public_key());
  if (!current) {
    return tl::unexpected<Error>(current.error());
  }
  const std::uint64_t announced = ground.last ? ground.last->certificate.serial : 0;
  const Certificate certificate{.serial = std::max(current->serial, announced) + 1,
                                .key = key,
                                .not_before = now,
                                .not_after = UnixTime(now.value() + protocol::kCertificateMaxLife)};
  Result<Bytes> bytes = protocol::issue_certificate(certificate, ground.root);
  if (!bytes) {
    return failed(bytes);
  }
  return Issued{certificate, std::move(*bytes)};
}

Result<void> note(const Ground& ground, const Issued& issued, std::string_view command, UnixTime now) {
  return append_audit(ground.folder.audit_path(), now, command, {{"certificate", issued.certificate.serial}});
}

/// Settles the certificate and says the last announcement again under it. No publication: its directories are
/// as old as they were, and it expires when it would have.
Result<CertifiedKey> take_effect(Ground& ground, const Ed25519SecretKey& key, Issued issued, UnixTime now) {
  Config config = ground.folder.config();
  config.certificate = std::move(issued.bytes);
  if (Result<void> saved = ground.folder.save_config(std::move(config)); !saved) {
    return failed(saved);
  }
  CertifiedKey out{issued.certificate, std::nullopt};
  if (ground.last) {
    if (Result<void> restored = ground.folder.restore_public_folder(); !restored) {
      return failed(restored);
    }
    const protocol::Announcement& before = ground.last->announcement;
    Result<OpenedAnnouncement> announced = announce(ground.folder, key, ground.last,
                                                    {.epochs = before.epochs,
                                                     .issued_at = now,
                                                     .valid_until = before.valid_until,
                                                     .next_publication = before.next_publication});
    if (!announced) {
      return failed(announced);
    }
    out.announced = std::move(*announced);
  }
  return out;
}

/// By the keys that are there: a mistyped passphrase must not become a new key's own. Where all slots are lost,
/// nothing can tell.
Result<void> check_passphrase(OperatorFolder& folder, UnixTime now) {
  const auto epochs = folder.load_epoch_keys(now);
  if (epochs || epochs.error().rule != "key.slot") {
    return epochs ? Result<void>() : tl::unexpected<Error>(epochs.error());
  }
  const auto key = folder.load_announcement_key();
  const bool lost = !key && (key.error().rule == "key.slot" || key.error().rule == "key.missing");
  return key || lost ? Result<void>() : tl::unexpected<Error>(key.error());
}

}  // namespace

Result<CertifiedKey> renew_certificate(const KeyCeremony& ceremony) {
  Result<Ground> ground = prepare(ceremony);
  if (!ground) {
    return failed(ground);
  }
  const Result<Ed25519SecretKey> key = ground->folder.load_announcement_key();
  if (!key) {
    return tl::unexpected<Error>(key.error());
  }
  Result<Issued> issued = issue(*ground, key->public_key(), ceremony.now);
  if (!issued) {
    return failed(issued);
  }
  if (Result<void> noted = note(*ground, *issued, "key renew", ceremony.now); !noted) {
    return failed(noted);
  }
  return take_effect(*ground, *key, std::move(*issued), ceremony.now);
}

Result<CertifiedKey> revoke_announcement_key(const KeyCeremony& ceremony, RandomSource& random) {
  Result<Ground> ground = prepare(ceremony);
  if (!ground) {
    return failed(ground);
  }
  if (Result<void> checked = check_passphrase(ground->folder, ceremony.now); !checked) {
    return failed(checked);
  }
  const auto key = Ed25519SecretKey::generate(random);
  Result<Issued> issued = issue(*ground, key.public_key(), ceremony.now);
  if (!issued) {
    return failed(issued);
  }
  if (Result<void> noted = note(*ground, *issued, "key revoke", ceremony.now); !noted) {
    return failed(noted);
  }
  KeyStore& keys = ground->folder.keys();
  Result<void> replaced = keys.destroy(kAnnouncementKey);
  if (replaced) {
    replaced = keys.store(kAnnouncementKey, protocol::KeyKind::kAnnouncement,
                          ground->folder.config().key_protection, key.seed().expose(), random);
  }
  if (!replaced) {
    return failed(replaced);
  }
  return take_effect(*ground, key, std::move(*issued), ceremony.now);
}

}  // namespace blindbook::service
