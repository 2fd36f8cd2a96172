#include "cli/inspect_backup.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

#include "blindbook/hash/sha2.h"
#include "blindbook/protocol/params.h"
#include "blindbook/service/atomic_file.h"
#include "blindbook/service/backup_manifest.h"

namespace blindbook::cli {
namespace {

struct LoggedFile {
  std::uint64_t seq;
  const service::BackupFile* file;
};

/// The end of the log in a backup; nothing when nothing was announced before it.
std::optional<LoggedFile> last_logged(const service::BackupManifest& manifest) {
  std::optional<LoggedFile> last;
  for (const service::BackupFile& file : manifest.files) {
    constexpr std::string_view kLog = "log/";
    std::uint64_t seq = 0;
    if (file.path.starts_with(kLog) &&
        std::from_chars(file.path.data() + kLog.size(), file.path.data() + file.path.size(), seq).ec ==
            std::errc() &&
        (!last || last->seq < seq)) {
      last = LoggedFile{seq, &file};
    }
  }
  return last;
}

/// The announcement that lies in `folder`, the backup: told of only as the manifest was written with it.
Result<Facts> describe(const LoggedFile& logged, const std::filesystem::path& folder, const RootKey& root) {
  Facts out;
  out.add("seq", logged.seq);
  const auto object = service::read_file(folder / logged.file->path, protocol::kMaxAnnouncementBytes);
  if (!object || !std::ranges::equal(hash::sha256({*object}), logged.file->sha256.view())) {
    out.add("file", object ? "changed" : "missing");
    return out;
  }
  auto opened = read_announcement(*object, root);
  if (!opened) {
    return failed(opened);
  }
  const protocol::Announcement& announcement = opened->announcement;
  out.add("signatures", root ? "checked" : "not checked, for want of --operator-key");
  out.add("operator", announcement.operator_name).add("issued_at", announcement.issued_at);
  out.add("head", opened->head.hex());
  std::vector<Facts> epochs;
  for (const protocol::AnnouncedEpoch& epoch : announcement.epochs) {
    epochs.push_back(Facts()
                         .add("id", epoch.id.hex())
                         .add("edition", epoch.edition.value())
                         .add("not_after", epoch.not_after));
  }
  out.add("epochs", std::move(epochs));
  return out;
}

}  // namespace

Result<Facts> inspect_backup(std::string_view text, const std::filesystem::path& folder,
                             const RootKey& root) {
  const auto manifest = service::parse_manifest(text);
  if (!manifest) {
    return tl::unexpected<Error>(manifest.error());
  }
  std::uint64_t bytes = 0;
  for (const service::BackupFile& file : manifest->files) {
    bytes += file.bytes;
  }
  Facts out;
  out.add("kind", "backup of an operator's folder").add("bytes", text.size());
  out.add("fingerprint", manifest->operator_id).add("created_at", manifest->created_at);
  out.add("files", manifest->files.size()).add("bytes_of_files", bytes);
  if (const auto last = last_logged(*manifest)) {
    auto described = describe(*last, folder, root);
    if (!described) {
      return failed(described);
    }
    out.add("last_announcement", std::move(*described));
  }
  return out;
}

}  // namespace blindbook::cli
