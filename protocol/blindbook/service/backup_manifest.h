#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "blindbook/base/error.h"
#include "blindbook/base/types.h"

/// backup.json: what a backup holds, so that one that lost or changed a byte is found out before anything is
/// made of it (docs/spec/state.md). It is not signed: who can write to a backup can write this too.
namespace blindbook::service {

inline constexpr std::string_view kManifestName = "backup.json";

struct BackupFile {
  std::string path;  ///< below the backup, one that is_backup_path() knows
  std::uint64_t bytes = 0;
  Digest sha256;
  friend bool operator==(const BackupFile&, const BackupFile&) = default;
};

struct BackupManifest {
  UnixTime created_at;
  std::string operator_id;
  std::vector<BackupFile> files;
  friend bool operator==(const BackupManifest&, const BackupManifest&) = default;
};

/// config.json, blindbook.db, public/operator.pub, public/announcement.bba or log/<seq>.bba: nothing else
/// belongs into a backup, and no path leads out of it.
[[nodiscard]] bool is_backup_path(std::string_view path);

[[nodiscard]] std::string write_manifest(const BackupManifest& manifest);

/// True for JSON that says of itself that it is a backup.json, of whatever version; it may be damaged all the
/// same.
[[nodiscard]] bool claims_to_be_manifest(std::string_view text);

/// The manifest that write_manifest() wrote. BadInput "backup.damaged" when it is none, names a file twice or
/// one that is_backup_path() does not know, or lacks config.json or blindbook.db; "backup.version" when a
/// newer program wrote it.
[[nodiscard]] Result<BackupManifest> parse_manifest(std::string_view text);

}  // namespace blindbook::service
