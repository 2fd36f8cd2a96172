#include "blindbook/service/announcement_log.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "blindbook/hash/sha2.h"
#include "blindbook/service/atomic_file.h"

namespace blindbook::service {
namespace {

namespace fs = std::filesystem;
using protocol::LogSegment;
using protocol::OpenedAnnouncement;

/// 2^21 publications; one a day lasts for five thousand years.
constexpr std::size_t kMaxLogBytes = std::size_t{64} << 20;

Digest hash_of(const OpenedAnnouncement& opened) {
  return Digest(hash::sha256({opened.object}));
}

std::optional<OpenedAnnouncement> read_body(const OperatorFolder& folder, std::uint64_t seq) {
  const Result<Bytes> object = read_file(folder.log_path(seq), protocol::kMaxAnnouncementBytes);
  if (!object) {
    return std::nullopt;
  }
  Result<OpenedAnnouncement> opened = protocol::open_announcement(*object, folder.config().root);
  return opened && opened->announcement.seq == seq ? std::optional(std::move(*opened)) : std::nullopt;
}

bool has_ended(const protocol::Announcement& announcement, UnixTime now) {
  return std::all_of(announcement.epochs.begin(), announcement.epochs.end(),
                     [now](const protocol::AnnouncedEpoch& epoch) { return epoch.not_after < now; });
}

std::optional<LogSegment> read_log(const fs::path& file) {
  const Result<Bytes> bytes = read_file(file, kMaxLogBytes);
  Result<LogSegment> log =
      bytes ? protocol::parse_log(*bytes) : Result<LogSegment>(tl::unexpected<Error>(bytes.error()));
  return log ? std::optional(std::move(*log)) : std::nullopt;
}

/// The part of `log` that ends with the announcement of `seq` and `head`; nothing when it leads elsewhere.
std::optional<LogSegment> part_until(const LogSegment& log, std::uint64_t seq, const protocol::Head& head) {
  return log.head_at(seq) == head ? std::optional(log.part(log.first, seq)) : std::nullopt;
}

/// All hashes before `announced`: those that are kept, and between them and it those of bodies. A crash may have left a
/// body whose hash is not kept, or a hash of what was never public.
LogSegment hashes_before(const OperatorFolder& folder, const OpenedAnnouncement& announced) {
  const std::optional<LogSegment> kept = read_log(folder.log_hashes_path());
  LogSegment out{
      .first = announced.announcement.seq, .before = announced.announcement.previous_head, .objects = {}};
  std::vector<Digest> newest_first;
  while (out.first > 1) {
    if (kept) {
      if (auto found = part_until(*kept, out.first - 1, out.before)) {
        out = std::move(*found);
        break;
      }
    }
    const std::optional<OpenedAnnouncement> body = read_body(folder, out.first - 1);
    if (!body || body->head != out.before) {
      break;
    }
    out.first = body->announcement.seq;
    out.before = body->announcement.previous_head;
    newest_first.push_back(hash_of(*body));
  }
  out.objects.insert(out.objects.end(), newest_first.rbegin(), newest_first.rend());
  return out;
}

}  // namespace

std::optional<LogSegment> read_log_hashes(const fs::path& file, std::uint64_t seq,
                                          const protocol::Head& head) {
  const std::optional<LogSegment> log = read_log(file);
  return log ? part_until(*log, seq, head) : std::nullopt;
}

Result<void> log_hash(const OperatorFolder& folder, const OpenedAnnouncement& announced) {
  LogSegment log = hashes_before(folder, announced);
  log.objects.push_back(hash_of(announced));
  const Bytes file = protocol::encode_log(log);
  for (const auto& [path, access] : {std::pair{folder.log_hashes_path(), FileAccess::kOwnerOnly},
                                     std::pair{folder.public_log_path(), FileAccess::kEveryone}}) {
    remove_leftovers(path);
    if (Result<void> written = write_file_atomically(path, file, access); !written) {
      return written;
    }
  }
  return {};
}

void remove_ended_bodies(const OperatorFolder& folder, std::uint64_t last, UnixTime now) {
  const Result<std::vector<std::uint64_t>> logged = folder.logged();
  if (!logged) {
    return;
  }
  for (const std::uint64_t seq : *logged) {
    const std::optional<OpenedAnnouncement> body = read_body(folder, seq);
    if (seq == last || !body || !has_ended(body->announcement, now)) {
      return;  // the later ones live longer
    }
    std::error_code ignored;
    fs::remove(folder.log_path(seq), ignored);
  }
}

}  // namespace blindbook::service
