#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "blindbook/base/error.h"
#include "blindbook/base/types.h"
#include "blindbook/protocol/announcement.h"
#include "blindbook/service/backup_manifest.h"
#include "blindbook/service/config.h"
#include "blindbook/service/operator_folder.h"

/// What of an operator's folder outlives its host: config.json (with the certificate), the ledger, the log of
/// announcements, and what is public of these. No key and no slot: a key in a backup outlives its epoch. No
/// directory either: it is an encryption of the subscriber list under the epoch's key, opaque for ever once
/// that is gone, and the next publication makes another. The layout is that of the folder, with backup.json.
namespace blindbook::service {

struct BackupReport {
  std::uint64_t seq = 0;  ///< of the last announcement in it; 0: nothing was announced yet
  std::size_t files = 0;  ///< besides backup.json
  std::uint64_t bytes = 0;
};

/// Writes a backup of `folder` to the new folder `to` (0700, its files 0600), while `serve` and `publish`
/// run: the ledger is that of one moment, and the log holds at least what is public. It is made beside `to`
/// under a name that begins with a dot, and gets its own when it is whole and durable. BadInput
/// "backup.exists" when something stands at `to`; the errors of back_up_ledger(), read_file() and
/// OperatorFolder::last_logged(); Unavailable "file.folder", "file.write".
[[nodiscard]] Result<BackupReport> back_up(const OperatorFolder& folder, const std::filesystem::path& to,
                                           UnixTime now);

/// A backup of which every byte is as it was written.
class Backup {
 public:
  /// BadInput "backup.missing" when `folder` is no backup, or one that never became whole; "backup.damaged"
  /// when a file lacks or differs, "backup.version", and the errors of OperatorFolder::open() and
  /// OperatorFolder::last_logged().
  [[nodiscard]] static Result<Backup> open(const std::filesystem::path& folder);

  [[nodiscard]] const Config& config() const noexcept { return folder_.config(); }
  [[nodiscard]] const BackupManifest& manifest() const noexcept { return manifest_; }
  /// The end of its log; nothing when nothing was announced yet.
  [[nodiscard]] const std::optional<protocol::OpenedAnnouncement>& last() const noexcept { return last_; }

  /// Puts log and ledger into `folder`, which has neither. Errors of read_file(); Unavailable "file.write".
  [[nodiscard]] Result<void> copy_into(const OperatorFolder& folder) const;

 private:
  Backup(OperatorFolder folder, BackupManifest manifest, std::optional<protocol::OpenedAnnouncement> last)
      : folder_(std::move(folder)), manifest_(std::move(manifest)), last_(std::move(last)) {}

  OperatorFolder folder_;  // without keys
  BackupManifest manifest_;
  std::optional<protocol::OpenedAnnouncement> last_;
};

}  // namespace blindbook::service
