#include "blindbook/service/backup.h"

#include <algorithm>
#include <string>
#include <system_error>
#include <utility>

#include "blindbook/hash/sha2.h"
#include "blindbook/service/atomic_file.h"
#include "blindbook/service/audit.h"
#include "blindbook/service/folder_beside.h"
#include "blindbook/service/ledger_copy.h"
#include "blindbook/service/mapped_file.h"

namespace blindbook::service {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxLogHashBytes = std::size_t{64} << 20;
constexpr std::size_t kMaxManifestBytes = std::size_t{64} << 20;
constexpr const char* kLedgerName = "blindbook.db";
constexpr const char* kUseAnother = "use another backup: this one cannot be relied on";

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(fs::symlink_status(path, ignored));
}

/// Fills a backup and keeps the list of what is in it.
class BackupWriter {
 public:
  BackupWriter(const OperatorFolder& folder, fs::path into) : folder_(folder), into_(std::move(into)) {}

  [[nodiscard]] Result<BackupReport> write(UnixTime now) {
    manifest_.created_at = now;
    manifest_.operator_id = folder_.operator_id();
    for (const char* part : {"log", "public"}) {
      if (Result<void> made = create_folder(into_ / part, FileAccess::kOwnerOnly); !made) {
        return failed(made);
      }
    }
    // What is public before the log, which a publication that comes between makes longer: a log that lacked
    // what is public could not be followed.
    Result<void> done = copy("config.json", kMaxConfigBytes);
    if (done) {
      done = copy_public();
    }
    if (done) {
      done = copy_log();
    }
    if (done) {
      done = copy_ledger();
    }
    if (done) {
      done = copy_audit_trail(now);
    }
    if (done) {
      done = write_file(std::string(kManifestName), bytes_of(write_manifest(manifest_)));
    }
    if (!done) {
      return failed(done);
    }
    report_.files = manifest_.files.size();
    return report_;
  }

 private:
  Result<void> write_file(const std::string& name, ByteView content) {
    const Result<bool> written = write_new_file(into_ / name, content, FileAccess::kOwnerOnly);
    if (!written) {
      return tl::unexpected<Error>(written.error());
    }
    return {};
  }

  void record(const std::string& name, ByteView content) {
    manifest_.files.push_back({name, content.size(), Digest(hash::sha256({content}))});
    report_.bytes += content.size();
  }

  Result<void> copy(const std::string& name, std::size_t max_bytes) {
    const Result<Bytes> content = read_file(folder_.path() / name, max_bytes);
    if (!content) {
      return tl::unexpected<Error>(content.error());
    }
    record(name, *content);
    return write_file(name, *content);
  }

  Result<void> copy_public() {
    for (const char* name : {"public/operator.pub", "public/announcement.bba"}) {
      if (is_there(folder_.path() / name)) {
        if (Result<void> copied = copy(name, protocol::kMaxAnnouncementBytes); !copied) {
          return copied;
        }
      }
    }
    return {};
  }

  Result<void> copy_log() {
    const auto last = folder_.last_logged();
    if (!last) {
      return tl::unexpected<Error>(last.error());
    }
    report_.seq = *last ? (*last)->announcement.seq : 0;
    for (std::uint64_t seq = 1; seq <= report_.seq; ++seq) {
      if (!is_there(folder_.log_path(seq))) {
        continue;  // all of its epochs have ended; or between a backup and what was restored from it
      }
      if (Result<void> copied = copy("log/" + std::to_string(seq) + ".bba", protocol::kMaxAnnouncementBytes);
          !copied) {
        return copied;
      }
    }
    return is_there(folder_.log_hashes_path()) ? copy("log/hashes.bbl", kMaxLogHashBytes) : Result<void>();
  }

  Result<void> copy_ledger() {
    const fs::path copy = into_ / kLedgerName;
    if (Result<void> copied = back_up_ledger(folder_.ledger_path(), copy); !copied) {
      return copied;
    }
    const auto written = MappedFile::open(copy);
    if (!written) {
      return tl::unexpected<Error>(written.error());
    }
    record(kLedgerName, (*written)->bytes());
    return {};
  }

  /// Last, and with the entry of this backup, so that a folder restored from it says where it came from.
  Result<void> copy_audit_trail(UnixTime now) {
    if (Result<void> noted = append_audit(folder_.audit_path(), now, "backup",
                                          {{"files", manifest_.files.size()}, {"bytes", report_.bytes}});
        !noted) {
      return noted;
    }
    const Result<Bytes> trail = read_audit_trail(folder_.audit_path());
    if (!trail) {
      return tl::unexpected<Error>(trail.error());
    }
    const std::string name = folder_.audit_path().filename().string();
    record(name, *trail);
    return write_file(name, *trail);
  }

  const OperatorFolder& folder_;
  const fs::path into_;
  BackupManifest manifest_;
  BackupReport report_;
};

}  // namespace

Result<BackupReport> back_up(const OperatorFolder& folder, const fs::path& to, UnixTime now) {
  FolderBeside unfinished(to, "backup.exists");
  if (Result<void> made = unfinished.make(); !made) {
    return failed(made);
  }
  Result<BackupReport> report = BackupWriter(folder, unfinished.path()).write(now);
  if (!report) {
    return report;
  }
  if (Result<void> whole = unfinished.become_whole(); !whole) {
    return failed(whole);
  }
  return report;
}

Result<Backup> Backup::open(const fs::path& folder) {
  const fs::path manifest_path = folder / kManifestName;
  if (!is_there(manifest_path)) {
    return bad_input("backup.missing", folder.string() + " is not a whole backup",
                     "name a folder that blindbook backup wrote");
  }
  const Result<Bytes> text = read_file(manifest_path, kMaxManifestBytes);
  if (!text) {
    return tl::unexpected<Error>(text.error());
  }
  Result<BackupManifest> manifest = parse_manifest(text_of(*text));
  if (!manifest) {
    return failed(manifest);
  }
  for (const BackupFile& file : manifest->files) {
    const auto held = MappedFile::open(folder / file.path);
    const bool same = held && (*held)->bytes().size() == file.bytes &&
                      std::ranges::equal(hash::sha256({(*held)->bytes()}), file.sha256.view());
    if (!same) {
      return bad_input("backup.damaged", (folder / file.path).string() + " is missing or was changed",
                       kUseAnother);
    }
  }
  Result<OperatorFolder> layout = OperatorFolder::open(folder, {});
  if (!layout) {
    return failed(layout);
  }
  if (layout->operator_id() != manifest->operator_id) {
    return bad_input("backup.damaged", manifest_path.string() + " is that of another operator's backup",
                     kUseAnother);
  }
  Result<std::optional<protocol::OpenedAnnouncement>> last = layout->last_logged();
  if (!last) {
    return failed(last);
  }
  return Backup(std::move(*layout), std::move(*manifest), std::move(*last));
}

Result<void> Backup::copy_into(const OperatorFolder& folder) const {
  for (const BackupFile& file : manifest_.files) {
    if (file.path != kLedgerName && file.path != folder.audit_path().filename() &&
        !file.path.starts_with("log/")) {
      continue;
    }
    const auto held = MappedFile::open(folder_.path() / file.path);
    if (!held) {
      return tl::unexpected<Error>(held.error());
    }
    const Result<bool> written =
        write_new_file(folder.path() / file.path, (*held)->bytes(), FileAccess::kOwnerOnly);
    if (!written) {
      return tl::unexpected<Error>(written.error());
    }
  }
  return {};
}

}  // namespace blindbook::service
